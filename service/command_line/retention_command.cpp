#include "service/command_line/retention_command.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;

ExitCode retention_of_dataset(const po::variables_map& options, Output output) {
  const json request = {{"dataset", operand(options, "dataset", "DATASET")}};
  if (!options.contains("dry-run")) {
    throw Error(ErrorCode::Usage, "Retention is applied by the service, after each backup.",
                "Add --dry-run to see what it would do now.");
  }
  const json answer = open_connection()->call(method::kRetentionPreview, request, kServiceDeadline);
  output.out << (options.contains("json") ? json_text(answer)
                                          : retention_report(answer, output.style));
  return ExitCode::Success;
}

void add_retention_options(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which dataset, by its id")("dry-run",
                                                    "delete nothing, tell what would be deleted");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command retention_command() {
  return {.name = "retention",
          .synopsis = "retention DATASET --dry-run [--json]",
          .summary = "Tells of each archive whether it stays, and why",
          .details = "The service itself deletes what is not kept, after each backup.",
          .example = "holdfast retention clinic --dry-run",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_retention_options,
          .run = &retention_of_dataset};
}

}  // namespace holdfast
