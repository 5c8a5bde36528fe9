#include "service/command_line/restore_command.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/archive_choice.h"
#include "service/command_line/command_options.h"
#include "service/command_line/confirmation.h"
#include "service/command_line/direct_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/preview_report.h"
#include "service/command_line/progress_line.h"
#include "service/command_line/service_restore.h"
#include "service/command_line/text_layout.h"
#include "service/platform/machine.h"
#include "service/restore/preview_json.h"
#include "service/restore/restore_run.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

// What is there now goes beside the archive, under the name of its dataset, unless it is said
// where.
RestoreRequest request_from(const po::variables_map& options) {
  std::filesystem::path path =
      std::filesystem::absolute(text_path(operand(options, "archive", "ARCHIVE")));
  if (!path.has_filename()) path = path.parent_path();
  RestoreRequest request{
      .archive = path,
      .target = {.database = std::filesystem::absolute(text_path(required(options, "database"))),
                 .letter_case = path_letter_case(),
                 .counts = count_options(options)}};
  if (options.contains("include")) request.target.include = options["include"].as<Texts>();
  if (options.contains("foreign")) request.foreign = ForeignArchive::Accepted;
  request.safety = {.database = request.target.database,
                    .destination = path.parent_path(),
                    .include = request.target.include,
                    .letter_case = request.target.letter_case,
                    .counts = request.target.counts,
                    .reason = "before a restore",
                    .host = host_name(),
                    .user = user_name()};
  if (options.contains("safety-to")) {
    request.safety.destination =
        std::filesystem::absolute(text_path(options["safety-to"].as<std::string>()));
  }
  return request;
}

void show_preview(const RestoreSource& source, const RestoreRequest& request, Storage& storage,
                  Output output, const std::stop_token& stop) {
  const SystemTimeZone zone;
  const json told =
      preview_json(source, restore_preview(source, request.target, storage, RowCounts::No, stop));
  output.err << preview_report(
      told, {.now = SystemClock().now(), .zone = zone, .style = {.columns = output.err_columns}});
}

json told(const RestoreResult& result, const RestoreRequest& request) {
  json told = {{"archive", path_text(request.archive)},
               {"database", path_text(request.target.database)},
               {"counts", result.manifest.counts}};
  if (!result.safety_archive.empty()) told["safety_archive"] = path_text(result.safety_archive);
  if (!result.set_aside.empty()) told["set_aside"] = path_text(result.set_aside);
  if (!result.made_since.empty()) told["made_since"] = path_text(result.made_since);
  return told;
}

std::string report(const RestoreResult& result, const RestoreRequest& request, const Style& style) {
  std::string text = led("Restored:", path_text(request.target.database), style, Tone::Good);
  if (!result.safety_archive.empty()) {
    text += led("What was there before is archived:", path_text(result.safety_archive), style);
  }
  if (!result.set_aside.empty()) {
    text += led("What was there before is kept in:", path_text(result.set_aside), style);
  }
  if (!result.made_since.empty()) {
    text += led("What was made since an earlier restore was broken off is kept in:",
                path_text(result.made_since), style);
  }
  return text;
}

ExitCode restore_here(const po::variables_map& options, Output output) {
  DiskStorage storage;
  const Interrupt interrupt;
  RestoreRequest request = request_from(options);
  const auto source = open_restore_source(
      storage, {.archive = request.archive, .database = request.target.database});
  request.safety.dataset = source->manifest().dataset;
  if (!options.contains("yes") && output.err_is_terminal) {
    show_preview(*source, request, storage, output, interrupt.token());
  }
  const std::string question =
      fmt::format("Restore this over {}?", path_text(request.target.database));
  if (!is_confirmed(options, question, "restore over the database", output)) {
    throw Error(ErrorCode::Cancelled, "The archive was not restored.", "Nothing was changed.");
  }
  RestoreResult result;
  {
    ProgressLine line(output.err, watched(options, output), output.err_columns);
    result = run_restore(
        request, storage, SystemClock(),
        [&line](const RestoreProgress& progress) {
          line.show(name(progress.phase), progress.done_bytes, progress.total_bytes);
        },
        interrupt.token());
  }
  output.out << (options.contains("json") ? json_text(told(result, request))
                                          : report(result, request, output.style));
  return ExitCode::Success;
}

ExitCode restore_of_dataset(const po::variables_map& options, Output output) {
  refuse_direct_options(options);
  const ArchiveChoice archive = archive_choice(options);
  const auto service = open_connection();
  const std::string question =
      fmt::format("Restore this over the database of {}?", one_line(archive.dataset));
  if (!is_restore_confirmed(*service, archive, question, options, output)) {
    throw Error(ErrorCode::Cancelled, "The archive was not restored.", "Nothing was changed.");
  }
  return restore_by_service(*service, archive, method::kRestoreStart,
                            {{"dataset", archive.dataset},
                             {"archive", archive.file_name},
                             {"foreign", options.contains("foreign")}},
                            options, output);
}

ExitCode restore(const po::variables_map& options, Output output) {
  return options.contains("database") ? restore_here(options, output)
                                      : restore_of_dataset(options, output);
}

void add_restore_options(po::options_description& options) {
  add_archive_choice(
      options,
      "its file name, or its path with --database; also a copy, a ZIP file or a folder "
      "of an older system");
  options.add_options()(
      "database", po::value<std::string>()->value_name("FILE"),
      "without the service: the database that it is restored over; it need not be there")(
      "include", po::value<Texts>()->composing()->value_name("GLOB"),
      "files beside it that belong to it: those that the archive does not have go away; can be "
      "repeated")("count", po::value<Texts>()->composing()->value_name("NAME=SQL"),
                  "a number that must be as it was; can be repeated")(
      "safety-to", po::value<std::string>()->value_name("DIR"),
      "where what is there now is archived; otherwise beside the archive")(
      "foreign", "even if it seems to be of another application");
  add_yes_option(options);
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 2> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"},
     {ExitCode::Failed, "not restored; a sentence on stderr tells why"}}};

}  // namespace

Command restore_command() {
  return {.name = "restore",
          .synopsis =
              "restore ARCHIVE [--dataset DATASET] [--foreign] [--yes] [--json]\n"
              "restore ARCHIVE --database FILE [--include GLOB]... [--count NAME=SQL]... "
              "[--safety-to DIR] [--foreign] [--yes] [--json]",
          .summary = "Puts an archive in the place of a database",
          .details =
              "The archive is read whole and checked, and what is there now is archived, before "
              "anything is changed. The application may have the database open. Ctrl+C leaves all "
              "as it was, until the database is replaced; that moment, and a restore that was "
              "broken off by a crash, always come to their end. With --database it works without "
              "the service; otherwise the archive is one of the service's, and an administrator is "
              "needed.",
          .example =
              "holdfast restore clinic_20261120T060000Z_PC.zip\n"
              "holdfast restore backups/clinic_20261120T060000Z_PC.zip --database clinic.db",
          .exit_codes = kExitCodes,
          .operands = "archive",
          .operand_kind = OperandKind::File,
          .add_options = &add_restore_options,
          .run = &restore};
}

}  // namespace holdfast
