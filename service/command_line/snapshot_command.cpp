#include "service/command_line/snapshot_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_name.h"
#include "service/backup/backup_run.h"
#include "service/command_line/archive_report.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/progress_line.h"
#include "service/command_line/text_layout.h"
#include "service/platform/machine.h"
#include "service/platform/work_priority.h"
#include "service/restore/restore_recovery.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

BackupRequest request_from(const po::variables_map& options) {
  BackupRequest request{
      .database = std::filesystem::absolute(text_path(required(options, "database"))),
      .destination = std::filesystem::absolute(text_path(required(options, "to"))),
      .letter_case = path_letter_case(),
      .counts = count_options(options),
      .reason = options["reason"].as<std::string>(),
      .host = host_name(),
      .user = user_name()};
  request.dataset = options.contains("name") ? options["name"].as<std::string>()
                                             : dataset_id_from(path_text(request.database.stem()));
  if (!is_dataset_id(request.dataset)) {
    throw Error(ErrorCode::Usage,
                fmt::format("\"{}\" cannot be a dataset's name.", one_line(request.dataset)),
                "Use up to 64 small letters, digits and '-'.");
  }
  if (options.contains("include")) request.include = options["include"].as<Texts>();
  return request;
}

ExitCode snapshot(const po::variables_map& options, Output output) {
  const BackupRequest request = request_from(options);
  DiskStorage storage;
  const Interrupt interrupt;
  set_thread_priority(options.contains("background") ? WorkPriority::Background
                                                     : WorkPriority::Waited);
  BackupResult result;
  {
    ProgressLine line(output.err, watched(options, output), output.err_columns);
    // What a restore left half done is in no archive.
    recover_restore(storage, request.database, [&output](const std::filesystem::path& folder) {
      output.err << fmt::format("What was made since a restore was broken off is kept in {}.\n",
                                path_text(folder));
    });
    result = run_backup(
        request, storage, SystemClock(),
        [&line](const BackupProgress& progress) {
          line.show(name(progress.phase), progress.done_bytes, progress.total_bytes);
        },
        interrupt.token());
  }
  if (options.contains("json")) {
    output.out << json_text(archive_json(result.archive, result.archive_bytes, result.manifest));
    return ExitCode::Success;
  }
  output.out << fmt::format("{} {} ({})\n", toned("Verified:", Tone::Good, output.style),
                            path_text(result.archive), size_text(result.archive_bytes));
  if (!result.manifest.counts.empty()) {
    output.out << hanging(counts_text(result.manifest), output.style);
  }
  return ExitCode::Success;
}

void add_snapshot_options(po::options_description& options) {
  options.add_options()("database", po::value<std::string>()->value_name("FILE"),
                        "the SQLite database; it may be in use")(
      "to", po::value<std::string>()->value_name("DIR"), "the folder for the archive")(
      "include", po::value<Texts>()->composing()->value_name("GLOB"),
      "files beside the database that go with it, like \"images/**\"; can be repeated")(
      "count", po::value<Texts>()->composing()->value_name("NAME=SQL"),
      "a number to keep with the archive; can be repeated")(
      "name", po::value<std::string>()->value_name("ID"),
      "the dataset's name; otherwise made from the file's")(
      "reason", po::value<std::string>()->value_name("TEXT")->default_value("manual", ""),
      "why it is made; kept with the archive")(
      "background", "take only what other programs leave of the processor and the disk");
  add_json_option(options);
}

}  // namespace

Command snapshot_command() {
  return {.name = "snapshot",
          .synopsis =
              "snapshot --database FILE --to DIR [--include GLOB]... [--count NAME=SQL]... "
              "[--name ID] [--reason TEXT] [--background] [--json]",
          .summary = "Makes one verified archive of a database, without the service",
          .details =
              "The database may be in use. The archive is read back before it gets its "
              "name. Ctrl+C leaves nothing behind.",
          .example = "holdfast snapshot --database clinic.db --to backups --include \"images/**\"",
          .operand_kind = OperandKind::None,
          .add_options = &add_snapshot_options,
          .run = &snapshot};
}

}  // namespace holdfast
