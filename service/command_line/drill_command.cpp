#include "service/command_line/drill_command.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/archive_fetch.h"
#include "service/command_line/command_options.h"
#include "service/command_line/dataset_choice.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"
#include "service/command_line/run_wait.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

json request_from(ServiceConnection& service, const po::variables_map& options) {
  json request = {{"dataset", dataset_choice(service, options)}};
  if (options.contains("archive")) request["archive"] = options["archive"].as<std::string>();
  return request;
}

// Each as far as it is by then: Ctrl+C ends the wait, and what was asked for goes on.
void wait_for_all(ServiceConnection& service, json& runs, ProgressLine::Watched is_watched,
                  Output output, const std::stop_token& stop) {
  service.call(method::kSubscribe, json::object(), kServiceDeadline);
  for (json& run : runs) {
    if (stop.stop_requested()) return;
    ProgressLine line(output.err, is_watched, output.err_columns);
    run.update(wait_for_run(service, run.at("run"), line, stop));
  }
}

ExitCode told(const json& runs, const po::variables_map& options, Output output) {
  ExitCode code = ExitCode::Success;
  if (options.contains("json")) output.out << json_text(json{{"runs", runs}});
  for (const json& run : runs) {
    const bool is_proven = has_ended(run) && is_verified(run);
    if (has_ended(run) && !is_proven) {
      code = ExitCode::Failed;
      output.err << "holdfast: " << run_line(run) << '\n';
    } else if (!options.contains("json")) {
      output.out << (is_proven ? drilled_report(run, output.style)
                               : led("Asked for a test of:",
                                     one_line(run.at("archive").get_ref<const std::string&>()),
                                     output.style));
    }
  }
  return code;
}

ExitCode drill(const po::variables_map& options, Output output) {
  const Interrupt interrupt;
  const auto service = open_connection();
  const json request = request_from(*service, options);
  const ArchiveChoice archive{.dataset = request.at("dataset"),
                              .file_name = request.value("archive", "")};
  json runs = asked_of_archive(*service, archive, method::kDrillStart, request, kServiceDeadline,
                               options, output)
                  .at("runs");
  const bool waits = options.contains("wait");
  if (waits) wait_for_all(*service, runs, watched(options, output), output, interrupt.token());
  const ExitCode code = told(runs, options, output);
  const bool is_left = waits && !std::all_of(runs.begin(), runs.end(),
                                             [](const json& run) { return has_ended(run); });
  if (!is_left || code != ExitCode::Success) return code;
  output.err << "holdfast: No longer waiting: the test goes on in the service; \"holdfast "
                "history\" will tell how it ended.\n";
  return ExitCode::Detached;
}

void add_drill_options(po::options_description& options) {
  add_dataset_choice(options);
  options.add_options()("archive", po::value<std::string>()->value_name("ARCHIVE"),
                        "which archive, by its file name; otherwise the newest and an older one")(
      "wait", "return only when it is known whether they can be restored");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 4> kExitCodes{
    {{ExitCode::Success, "asked for; with --wait: each was proven restorable"},
     {ExitCode::ServiceNotReachable, "the service could not be reached"},
     {ExitCode::Failed, "not proven, at least for one; a sentence on stderr tells why"},
     {ExitCode::Detached, "Ctrl+C ended the wait; the test goes on"}}};

}  // namespace

Command drill_command() {
  return {.name = "drill",
          .synopsis = "drill [DATASET] [--archive ARCHIVE] [--wait] [--json]",
          .summary = "Has the service restore backups as a test",
          .details =
              "Each is restored to a place of its own, read back, checked and counted, and taken "
              "away again; what is in use is not touched. The service does so by itself every "
              "week.",
          .example =
              "holdfast drill --wait\n"
              "holdfast drill clinic --archive clinic_20261120T060000Z_PC.zip --wait",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_drill_options,
          .run = &drill};
}

}  // namespace holdfast
