#include "service/command_line/list_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/list_archives.h"
#include "service/command_line/archive_report.h"
#include "service/command_line/command_options.h"
#include "service/command_line/progress_line.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

std::string list_line(const ListedArchive& archive) {
  const std::string kind = archive.name.kind == ArchiveName::Kind::Safety ? "safety" : "";
  const std::string told =
      archive.manifest ? counts_text(*archive.manifest) : "BAD: " + one_line(archive.fault);
  return fmt::format("{}  {:<15} {:<20} {:>8}  {:<6}  {}\n", utc_text(archive.name.taken_at),
                     archive.name.host, archive.name.dataset, size_text(archive.bytes), kind, told);
}

ExitCode list(const po::variables_map& options, Output output) {
  const std::string& folder = operand(options, "folder", "folder");
  DiskStorage storage;
  const std::vector<ListedArchive> archives = list_archives(storage, text_path(folder));
  if (!options.contains("json")) {
    for (const ListedArchive& archive : archives) output.out << list_line(archive);
    if (archives.empty()) output.out << "No archives in " << folder << ".\n";
    return ExitCode::Success;
  }
  json told = json::array();
  for (const ListedArchive& archive : archives) {
    const std::filesystem::path path = text_path(folder) / archive.file_name;
    told.push_back(archive.manifest ? archive_json(path, archive.bytes, *archive.manifest)
                                    : json{{"archive", path_text(path)},
                                           {"bytes", archive.bytes},
                                           {"dataset", archive.name.dataset},
                                           {"created_at", utc_text(archive.name.taken_at)},
                                           {"host", archive.name.host},
                                           {"fault", archive.fault}});
  }
  output.out << told.dump(2) << '\n';
  return ExitCode::Success;
}

void add_list_options(po::options_description& options) {
  options.add_options()("folder", po::value<Texts>()->value_name("DIR"),
                        "the folder with the archives; the option's name can be left out")(
      "json", "print the list as JSON");
}

}  // namespace

Command list_command() {
  return {.name = "list",
          .synopsis = "list DIR",
          .summary = "Lists the archives in a folder, with what each tells of itself",
          .details = "",
          .example = "holdfast list backups --json",
          .operands = "folder",
          .add_options = &add_list_options,
          .run = &list};
}

}  // namespace holdfast
