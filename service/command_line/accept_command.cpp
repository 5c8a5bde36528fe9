#include "service/command_line/accept_command.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

ExitCode accept(const po::variables_map& options, Output output) {
  const nlohmann::json request = {{"dataset", operand(options, "dataset", "DATASET")}};
  const nlohmann::json answer =
      open_connection()->call(method::kCountsAccept, request, kServiceDeadline);
  output.out << (options.contains("json") ? json_text(answer)
                                          : acceptance_report(answer, output.style));
  return ExitCode::Success;
}

void add_accept_options(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which dataset, by its id");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command accept_command() {
  return {.name = "accept",
          .synopsis = "accept DATASET [--json]",
          .summary = "Takes numbers that fell as right, and ends the alarm",
          .details =
              "For records that were deleted on purpose. Until then no old backup of the "
              "dataset is deleted. Needs an administrator.",
          .example = "holdfast accept clinic",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_accept_options,
          .run = &accept};
}

}  // namespace holdfast
