#include "service/command_line/history_command.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/connect_to_service.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

constexpr int kMostRuns = 1000;

ExitCode history(const po::variables_map& options, Output output) {
  const int limit = options["limit"].as<int>();
  if (limit < 1 || limit > kMostRuns) {
    throw Error(ErrorCode::Usage, fmt::format("--limit {} is out of range.", limit),
                fmt::format("Give a number from 1 to {}.", kMostRuns));
  }
  json request = {{"limit", limit}};
  if (const auto dataset = optional_operand(options, "dataset", "DATASET")) {
    request["dataset"] = *dataset;
  }
  const json answer = connect_to_service()->call(method::kHistory, request, kServiceDeadline);
  const SystemTimeZone zone;
  const ReportView view{.now = SystemClock().now(), .zone = zone, .style = output.style};
  output.out << (options.contains("json") ? json_text(answer) : history_report(answer, view));
  return ExitCode::Success;
}

void add_history_options(po::options_description& options) {
  options.add_options()("dataset", po::value<Texts>()->value_name("DATASET"),
                        "which dataset, by its id; all of them when none is named")(
      "limit", po::value<int>()->value_name("N")->default_value(30), "how many runs, at most 1000");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command history_command() {
  return {.name = "history",
          .synopsis = "history [DATASET] [--limit N] [--json]",
          .summary = "Lists what was done, the newest first",
          .details = "Times are local; the names of archives have them in UTC, and so has --json.",
          .example = "holdfast history\nholdfast history clinic --limit 5",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_history_options,
          .run = &history};
}

}  // namespace holdfast
