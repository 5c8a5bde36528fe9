#include "service/command_line/preview_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command_options.h"
#include "service/command_line/direct_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/preview_report.h"
#include "service/command_line/service_restore.h"
#include "service/platform/machine.h"
#include "service/restore/preview_json.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

// Of the service's own datasets the service knows what belongs to them.
json preview_of(const po::variables_map& options, RowCounts rows, Output output,
                const std::stop_token& stop) {
  if (!options.contains("database")) {
    refuse_direct_options(options);
    return preview_by_service(*open_connection(), archive_choice(options), rows == RowCounts::Yes,
                              options, output);
  }
  DiskStorage storage;
  RestoreTarget target{
      .database = std::filesystem::absolute(text_path(required(options, "database"))),
      .letter_case = path_letter_case(),
      .counts = count_options(options)};
  if (options.contains("include")) target.include = options["include"].as<Texts>();
  const auto source = open_restore_source(
      storage,
      {.archive = text_path(operand(options, "archive", "ARCHIVE")), .database = target.database});
  return preview_json(*source, restore_preview(*source, target, storage, rows, stop));
}

ExitCode preview(const po::variables_map& options, Output output) {
  const RowCounts rows = options.contains("rows") ? RowCounts::Yes : RowCounts::No;
  const Interrupt interrupt;
  const json told = preview_of(options, rows, output, interrupt.token());
  const SystemTimeZone zone;
  output.out << (options.contains("json") ? json_text(told)
                                          : preview_report(told, {.now = SystemClock().now(),
                                                                  .zone = zone,
                                                                  .style = output.style}) +
                                                "\nNothing was changed.\n");
  return ExitCode::Success;
}

void add_preview_options(po::options_description& options) {
  add_archive_choice(
      options,
      "its file name, or its path with --database; also a copy, a ZIP file or a folder "
      "of an older system");
  options.add_options()("database", po::value<std::string>()->value_name("FILE"),
                        "without the service: the database that it is compared with; it may be in "
                        "use")(
      "include", po::value<Texts>()->composing()->value_name("GLOB"),
      "files beside it that belong to it, like \"images/**\"; can be repeated")(
      "count", po::value<Texts>()->composing()->value_name("NAME=SQL"),
      "a number to compare; can be repeated")("rows", "count the rows of every table, too");
  add_json_option(options);
}

}  // namespace

Command preview_command() {
  return {.name = "preview",
          .synopsis =
              "preview ARCHIVE [--dataset DATASET] [--rows] [--json]\n"
              "preview ARCHIVE --database FILE [--include GLOB]... [--count NAME=SQL]... [--rows] "
              "[--json]",
          .summary = "Tells what restoring an archive would change",
          .details =
              "Changes nothing. With --database it works without "
              "the service; otherwise the archive is one of the service's, and an administrator is "
              "needed.",
          .example =
              "holdfast preview clinic_20261120T060000Z_PC.zip\n"
              "holdfast preview backups/clinic_20261120T060000Z_PC.zip --database clinic.db",
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_preview_options,
          .run = &preview};
}

}  // namespace holdfast
