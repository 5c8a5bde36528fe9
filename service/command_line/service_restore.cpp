#include "service/command_line/service_restore.h"

#include <chrono>
#include <ostream>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/protocol/service_client.h"
#include "common/text.h"
#include "service/command_line/archive_fetch.h"
#include "service/command_line/command_options.h"
#include "service/command_line/confirmation.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/preview_report.h"
#include "service/command_line/run_texts.h"
#include "service/command_line/run_wait.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

// Where the rows of every table are counted, on a slow disk.
constexpr std::chrono::minutes kPreviewDeadline{5};

// Its end, whatever is typed from the point of no return on.
json end_of(ServiceConnection& service, const json& run, ProgressLine::Watched is_watched,
            Output output) {
  const Interrupt interrupt;
  json report;
  {
    ProgressLine line(output.err, is_watched, output.err_columns);
    report = wait_for_run(service, run, line, interrupt.token());
    if (has_ended(report)) return report;
  }
  try {
    const json answer = service.call(method::kRunCancel, {{"run", run}}, kServiceDeadline);
    if (answer.contains("sentence")) {
      output.err << "holdfast: " << one_line(answer.at("sentence").get_ref<const std::string&>())
                 << '\n';
    }
  } catch (const Error& error) {
    // It has ended meanwhile, and its report says how.
    if (error.code() != ErrorCode::NotFound) throw;
  }
  ProgressLine line(output.err, is_watched, output.err_columns);
  return wait_for_run(service, run, line, {});
}

}  // namespace

json preview_by_service(ServiceConnection& service, const ArchiveChoice& archive, bool with_rows,
                        const po::variables_map& options, Output output) {
  return asked_of_archive(
      service, archive, method::kArchivePreview,
      {{"dataset", archive.dataset}, {"archive", archive.file_name}, {"rows", with_rows}},
      kPreviewDeadline, options, output);
}

bool is_restore_confirmed(ServiceConnection& service, const ArchiveChoice& archive,
                          const std::string& question, const po::variables_map& options,
                          Output output) {
  if (!options.contains("yes") && output.err_is_terminal) {
    const SystemTimeZone zone;
    output.err << preview_report(
        preview_by_service(service, archive, false, options, output),
        {.now = SystemClock().now(), .zone = zone, .style = {.columns = output.err_columns}});
  }
  return is_confirmed(options, question, "restore over the database", output);
}

ExitCode restore_by_service(ServiceConnection& service, const ArchiveChoice& archive,
                            std::string_view method, const json& request,
                            const po::variables_map& options, Output output) {
  const json asked =
      asked_of_archive(service, archive, method, request, kServiceDeadline, options, output);
  json report;
  try {
    service.call(method::kSubscribe, json::object(), kServiceDeadline);
    report = end_of(service, asked.at("run"), watched(options, output), output);
  } catch (const Error& error) {
    if (!is_lost_connection(error)) throw;
    throw Error(ErrorCode::ServiceUnreachable,
                "The service went away while it restored, and nobody knows yet what came of it.",
                "Start it again: it brings what was begun to its end; see \"holdfast history\".");
  }
  if (options.contains("json")) output.out << json_text(report);
  if (is_verified(report)) {
    if (!options.contains("json")) output.out << restored_report(report, output.style);
    return ExitCode::Success;
  }
  output.err << "holdfast: " << run_line(report) << '\n';
  return ExitCode::Failed;
}

}  // namespace holdfast
