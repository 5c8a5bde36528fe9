#include "service/command_line/history_command.h"

#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/connect_to_service.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

ExitCode history(const po::variables_map& options, Output output) {
  json request = {{"limit", options["limit"].as<int>()}};
  if (const auto dataset = optional_operand(options, "dataset", "DATASET")) {
    request["dataset"] = *dataset;
  }
  const json answer = connect_to_service()->call(method::kHistory, request, kServiceDeadline);
  output.out << (options.contains("json") ? answer.dump(2) + '\n' : history_report(answer));
  return ExitCode::Success;
}

void add_history_options(po::options_description& options) {
  options.add_options()("dataset", po::value<Texts>()->value_name("DATASET"),
                        "which one; all of them when none is named")(
      "limit", po::value<int>()->value_name("N")->default_value(30), "how many runs, at most 1000")(
      "json", "print it as JSON");
}

}  // namespace

Command history_command() {
  return {.name = "history",
          .synopsis = "history [DATASET] [--limit N]",
          .summary = "Lists what was done, the newest first",
          .details = "Exit code: 0 done, 3 service not reachable.",
          .example = "holdfast history clinic",
          .operands = "dataset",
          .add_options = &add_history_options,
          .run = &history};
}

}  // namespace holdfast
