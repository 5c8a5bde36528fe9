#include "service/command_line/backup_command.h"

#include <chrono>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/connect_to_service.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

constexpr std::chrono::milliseconds kBetweenLooks = 200ms;

json request_from(const po::variables_map& options) {
  json request = {{"wait", options.contains("wait")}};
  if (const auto dataset = optional_operand(options, "dataset", "DATASET")) {
    request["dataset"] = *dataset;
  }
  if (options.contains("reason")) request["reason"] = options["reason"].as<std::string>();
  return request;
}

// The service keeps what it told of a run for a while after its end, so no end is missed.
json wait_for(ServiceConnection& service, const json& run, ProgressLine& line) {
  for (;;) {
    const json report = service.call(method::kBackupRun, {{"run", run}}, kServiceDeadline);
    if (report.at("state") == "ended") return report;
    if (report.at("state") == "running") {
      line.show(report.at("phase").get_ref<const std::string&>(),
                report.at("done_bytes").get<std::uint64_t>(),
                report.at("total_bytes").get<std::uint64_t>());
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

// The runs that were begun, each with what came of it.
json wait_for_all(ServiceConnection& service, json runs, ProgressLine::Watched is_watched,
                  std::ostream& terminal) {
  for (json& run : runs) {
    if (!run.contains("run")) continue;
    ProgressLine line(terminal, is_watched);
    run.update(wait_for(service, run.at("run"), line));
  }
  return runs;
}

ExitCode tell(const json& runs, Output output) {
  ExitCode code = ExitCode::Success;
  for (const json& run : runs) {
    if (run.contains("sentence")) {
      output.err << fmt::format("holdfast: {}: {}\n",
                                one_line(run.at("dataset").get<std::string>()),
                                one_line(run.at("sentence").get<std::string>(), 500));
      code = ExitCode::Failed;
    } else if (!run.contains("record")) {
      output.out << fmt::format("Asked for: {}\n", one_line(run.at("dataset").get<std::string>()));
    } else if (is_verified(run)) {
      output.out << run_line(run) << '\n';
    } else {
      output.err << "holdfast: " << run_line(run) << '\n';
      code = ExitCode::Failed;
    }
  }
  return code;
}

ExitCode code_of(const json& runs) {
  for (const json& run : runs) {
    if (run.contains("sentence") || (run.contains("record") && !is_verified(run))) {
      return ExitCode::Failed;
    }
  }
  return ExitCode::Success;
}

ExitCode backup(const po::variables_map& options, Output output) {
  const json request = request_from(options);
  const auto service = connect_to_service();
  json runs = service->call(method::kBackupStart, request, kServiceDeadline).at("runs");
  if (options.contains("wait")) {
    runs = wait_for_all(*service, std::move(runs), watched(options, output), output.err);
  }
  if (!options.contains("json")) return tell(runs, output);
  output.out << json{{"runs", runs}}.dump(2) << '\n';
  return code_of(runs);
}

void add_backup_options(po::options_description& options) {
  options.add_options()("dataset", po::value<Texts>()->value_name("DATASET"),
                        "which one; all of them when none is named")(
      "reason", po::value<std::string>()->value_name("TEXT"), "why; kept with the archive")(
      "wait", "return only when there is a new verified archive, or none could be made")(
      "json", "print the outcome as JSON");
}

}  // namespace

Command backup_command() {
  return {.name = "backup",
          .synopsis = "backup [DATASET] [--reason TEXT] [--wait]",
          .summary = "Has the service back up now",
          .details =
              "With --wait, what is read is read after the command was given: use it before "
              "something that\ncannot be undone. Exit code: 0 done (with --wait: verified), "
              "70 not, 3 service not reachable.",
          .example = "holdfast backup clinic --wait --reason \"before the update\"",
          .operands = "dataset",
          .add_options = &add_backup_options,
          .run = &backup};
}

}  // namespace holdfast
