#include "service/command_line/list_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/archive/list_archives.h"
#include "service/command_line/archive_report.h"
#include "service/command_line/command_options.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

ExitCode list(const po::variables_map& options, Output output) {
  const std::string& folder = operand(options, "folder", "folder");
  DiskStorage storage;
  const std::vector<ListedArchive> archives = list_archives(storage, text_path(folder));
  if (options.contains("json")) {
    output.out << json_text(listed_json(archives, text_path(folder)));
  } else if (archives.empty()) {
    output.out << "No archives in " << folder << ".\n";
  } else {
    const SystemTimeZone zone;
    output.out << listed_report(archives,
                                {.now = SystemClock().now(), .zone = zone, .style = output.style});
  }
  return ExitCode::Success;
}

void add_list_options(po::options_description& options) {
  options.add_options()("folder", po::value<Texts>()->value_name("DIR"),
                        "the folder with the archives");
  add_json_option(options);
}

}  // namespace

Command list_command() {
  return {.name = "list",
          .synopsis = "list DIR [--json]",
          .summary = "Lists the archives in a folder, with what each tells of itself",
          .details =
              "Of each it opens the manifest only; verify reads archives whole. Times are "
              "local; the names of archives have them in UTC, and so has --json.",
          .example = "holdfast list backups",
          .operands = "folder",
          .operand_kind = OperandKind::File,
          .add_options = &add_list_options,
          .run = &list};
}

}  // namespace holdfast
