#include "service/command_line/preview_command.h"

#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/preview_report.h"
#include "service/platform/machine.h"
#include "service/restore/preview_json.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

// Side files, and rows where they are asked for, are read whole.
constexpr std::chrono::milliseconds kPreviewDeadline = 5min;

// Beside any database, without the service.
json direct_preview(const po::variables_map& options, RowCounts rows, const std::stop_token& stop) {
  DiskStorage storage;
  const ArchiveReader archive(storage, text_path(operand(options, "archive", "ARCHIVE")));
  RestoreTarget target{
      .database = std::filesystem::absolute(text_path(options["database"].as<std::string>())),
      .letter_case = path_letter_case(),
      .counts = count_options(options)};
  if (options.contains("include")) target.include = options["include"].as<Texts>();
  return preview_json(archive, restore_preview(archive, target, storage, rows, stop));
}

json asked_preview(const po::variables_map& options, RowCounts rows) {
  const auto [dataset, file_name] = archive_choice(options);
  return open_connection()->call(
      method::kArchivePreview,
      {{"dataset", dataset}, {"archive", file_name}, {"rows", rows == RowCounts::Yes}},
      kPreviewDeadline);
}

ExitCode preview(const po::variables_map& options, Output output) {
  const RowCounts rows = options.contains("rows") ? RowCounts::Yes : RowCounts::No;
  const Interrupt interrupt;
  const json told = options.contains("database") ? direct_preview(options, rows, interrupt.token())
                                                 : asked_preview(options, rows);
  const SystemTimeZone zone;
  output.out << (options.contains("json") ? json_text(told)
                                          : preview_report(told, {.now = SystemClock().now(),
                                                                  .zone = zone,
                                                                  .style = output.style}));
  return ExitCode::Success;
}

void add_preview_options(po::options_description& options) {
  add_archive_choice(options);
  options.add_options()("rows", "count the rows of every table, too")(
      "database", po::value<std::string>()->value_name("FILE"),
      "compare it with this database, without the service")(
      "include", po::value<Texts>()->composing()->value_name("GLOB"),
      "with --database: files beside it that go with it; can be repeated")(
      "count", po::value<Texts>()->composing()->value_name("NAME=SQL"),
      "with --database: a number to compare; can be repeated");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command preview_command() {
  return {.name = "preview",
          .synopsis =
              "preview ARCHIVE [--dataset DATASET] [--rows] [--json]\n"
              "preview ARCHIVE --database FILE [--include GLOB]... [--count NAME=SQL]... [--rows] "
              "[--json]",
          .summary = "Tells what restoring an archive would change",
          .details = "Reads both sides where they are and changes nothing.",
          .example =
              "holdfast preview clinic_20261120T060000Z_PC.zip\n"
              "holdfast preview backups/clinic_20261120T060000Z_PC.zip --database clinic.db",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_preview_options,
          .run = &preview};
}

}  // namespace holdfast
