#include "service/command_line/accept_command.h"

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

ExitCode accept(const po::variables_map& options, Output output) {
  const nlohmann::json request = {{"dataset", operand(options, "dataset", "DATASET")}};
  const nlohmann::json answer =
      connect_to_service()->call(method::kCountsAccept, request, kServiceDeadline);
  output.out << (options.contains("json") ? answer.dump(2) + '\n' : acceptance_report(answer));
  return ExitCode::Success;
}

void add_accept_options(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which one; the option's name can be left out")("json", "print it as JSON");
}

}  // namespace

Command accept_command() {
  return {
      .name = "accept",
      .synopsis = "accept DATASET",
      .summary = "Takes numbers that fell as right, and ends the alarm",
      .details =
          "For records that were deleted on purpose. Until then no old backup of the dataset is "
          "deleted.\nNeeds an administrator. Exit code: 0 done, 70 not, 3 service not reachable.",
      .example = "holdfast accept clinic",
      .operands = "dataset",
      .add_options = &add_accept_options,
      .run = &accept};
}

}  // namespace holdfast
