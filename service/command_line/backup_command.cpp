#include "service/command_line/backup_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/interrupt.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"
#include "service/command_line/run_wait.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

// A service that was restarted, or that fell, is there again within seconds; one that falls again
// and again is not asked for ever.
constexpr std::chrono::seconds kLongestAbsence{60};
constexpr int kMostLosses = 3;
constexpr std::size_t kMaxLabelBytes = 20;

json request_from(const po::variables_map& options) {
  json request = {{"wait", options.contains("wait")}};
  if (const auto dataset = optional_operand(options, "dataset", "DATASET")) {
    request["dataset"] = *dataset;
  }
  if (options.contains("reason")) request["reason"] = options["reason"].as<std::string>();
  return request;
}

std::string label_of(const json& run, std::size_t number, std::size_t of) {
  if (of == 1) return "";
  return fmt::format("{}/{} {}", number, of,
                     one_line(run.at("dataset").get_ref<const std::string&>(), kMaxLabelBytes));
}

bool was_refused(const json& run) {
  return run.contains("sentence");
}

// Which of those that were waited for did not come to their end.
bool goes_on(const json& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const json& run) { return !was_refused(run) && !has_ended(run); });
}

ExitCode code_of(const json& runs) {
  const bool failed = std::any_of(runs.begin(), runs.end(), [](const json& run) {
    return was_refused(run) || (has_ended(run) && !is_verified(run));
  });
  return failed ? ExitCode::Failed : ExitCode::Success;
}

void tell(const json& run, const Style& style, BackupReport& report) {
  const std::string dataset = one_line(run.at("dataset").get_ref<const std::string&>());
  if (was_refused(run)) {
    report.err += fmt::format("holdfast: {}: {}\n", dataset,
                              one_line(run.at("sentence").get_ref<const std::string&>(), 500));
  } else if (!has_ended(run)) {
    report.out += led("Asked for:", dataset, style);
  } else if (is_verified(run)) {
    report.out += verified_report(run, style);
  } else {
    report.err += "holdfast: " + run_line(run) + '\n';
  }
}

json ask(ServiceConnection& service, const json& request) {
  return service.call(method::kBackupStart, request, kServiceDeadline).at("runs");
}

// Until each has ended, or nobody waits any more.
void wait_for_all(ServiceConnection& service, json& runs, ProgressLine::Watched is_watched,
                  Output output, const std::stop_token& stop) {
  service.call(method::kSubscribe, json::object(), kServiceDeadline);
  std::size_t number = 0;
  for (json& run : runs) {
    ++number;
    if (was_refused(run) || has_ended(run) || stop.stop_requested()) continue;
    ProgressLine line(output.err, is_watched, output.err_columns,
                      label_of(run, number, runs.size()));
    run.update(wait_for_run(service, run.at("run"), line, stop));
  }
}

// Of a service that was away: those that have not ended are asked for anew, since the numbers of
// runs are those of one service.
void ask_again(ServiceConnection& service, json request, json& runs) {
  for (json& run : runs) {
    if (was_refused(run) || has_ended(run)) continue;
    request["dataset"] = run.at("dataset");
    try {
      run = ask(service, request).at(0);
    } catch (const Error& error) {
      if (is_lost_connection(error)) throw;
      run = {{"dataset", request["dataset"]},
             {"code", name(error.code())},
             {"sentence", error.line()}};
    }
  }
}

ExitCode backup(const po::variables_map& options, Output output) {
  const json request = request_from(options);
  const AskedTo asked_to = options.contains("wait") ? AskedTo::Wait : AskedTo::Begin;
  const Interrupt interrupt;
  const SystemClock clock;
  ServiceClient service([] { return open_connection(); }, clock);
  const json runs =
      asked_to == AskedTo::Wait
          ? wait_for_backups(service, request, watched(options, output), output, interrupt.token())
          : ask(service.connection(), request);
  const BackupReport report = backup_report(runs, asked_to, output.style);
  output.out << (options.contains("json") ? json_text(json{{"runs", runs}}) : report.out);
  if (!options.contains("json") || report.code == ExitCode::Detached) output.err << report.err;
  return report.code;
}

void add_backup_options(po::options_description& options) {
  options.add_options()("dataset", po::value<Texts>()->value_name("DATASET"),
                        "which dataset, by its id; all of them when none is named")(
      "reason", po::value<std::string>()->value_name("TEXT"), "why; kept with the archive")(
      "wait", "return only when there is a new verified archive, or none could be made")(
      "json", "print it as JSON, for programs");
}

constexpr std::array<ExitMeaning, 4> kExitCodes{
    {{ExitCode::Success, "asked for; with --wait: there is a new verified archive of each"},
     {ExitCode::ServiceNotReachable, "the service could not be reached"},
     {ExitCode::Failed, "not done, at least for one; a sentence on stderr tells why"},
     {ExitCode::Detached, "Ctrl+C ended the wait; the backup goes on"}}};

}  // namespace

json wait_for_backups(ServiceClient& service, const json& request, ProgressLine::Watched is_watched,
                      Output output, const std::stop_token& stop) {
  json runs = ask(service.connection(), request);
  int losses = 0;
  bool is_lost = false;
  auto heard = std::chrono::steady_clock::now();
  for (;;) {
    try {
      if (is_lost) ask_again(service.connection(), request, runs);
      is_lost = false;
      wait_for_all(service.connection(), runs, is_watched, output, stop);
      return runs;
    } catch (const Error& error) {
      const auto now = std::chrono::steady_clock::now();
      if (!is_lost) {
        ++losses;
        heard = now;
      }
      is_lost = true;
      const bool gives_up = losses > kMostLosses || now - heard > kLongestAbsence;
      if (!is_lost_connection(error) || gives_up || stop.stop_requested()) throw;
      ProgressLine line(output.err, is_watched, output.err_columns, "");
      line.show("waiting for the service to come back", 0, 0);
      service.lost(stop);
    }
  }
}

BackupReport backup_report(const json& runs, AskedTo asked_to, const Style& style) {
  BackupReport report{.code = code_of(runs)};
  const bool is_detached = asked_to == AskedTo::Wait && goes_on(runs);
  for (const json& run : runs) {
    const bool is_left = is_detached && !was_refused(run) && !has_ended(run);
    if (!is_left) tell(run, style, report);
  }
  if (!is_detached) return report;
  report.code = ExitCode::Detached;
  report.err +=
      "holdfast: No longer waiting: the backup goes on in the service; \"holdfast history\" will "
      "tell how it ended.\n";
  return report;
}

Command backup_command() {
  return {.name = "backup",
          .synopsis = "backup [DATASET] [--reason TEXT] [--wait] [--json]",
          .summary = "Has the service back up now",
          .details =
              "With --wait, what is read is read after the command was given: use it before "
              "something that cannot be undone. Ctrl+C then only ends the wait.",
          .example =
              "holdfast backup\n"
              "holdfast backup clinic --wait --reason \"before the update\"",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_backup_options,
          .run = &backup};
}

}  // namespace holdfast
