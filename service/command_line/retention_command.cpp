#include "service/command_line/retention_command.h"

#include <ostream>

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

ExitCode retention_of_dataset(const po::variables_map& options, Output output) {
  const json request = {{"dataset", operand(options, "dataset", "DATASET")}};
  if (!options.contains("dry-run")) {
    throw Error(ErrorCode::Usage, "Retention is applied by the service, after each backup.",
                "Add --dry-run to see what it would do now.");
  }
  const json answer =
      connect_to_service()->call(method::kRetentionPreview, request, kServiceDeadline);
  output.out << (options.contains("json") ? answer.dump(2) + '\n' : retention_report(answer));
  return ExitCode::Success;
}

void add_retention_options(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which one; the option's name can be left out")(
      "dry-run", "delete nothing, tell what would be deleted")("json", "print it as JSON");
}

}  // namespace

Command retention_command() {
  return {.name = "retention",
          .synopsis = "retention DATASET --dry-run",
          .summary = "Tells of each archive whether it stays, and why",
          .details = "Exit code: 0 done, 3 service not reachable.",
          .example = "holdfast retention clinic --dry-run",
          .operands = "dataset",
          .add_options = &add_retention_options,
          .run = &retention_of_dataset};
}

}  // namespace holdfast
