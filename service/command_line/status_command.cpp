#include "service/command_line/status_command.h"

#include <ostream>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/connect_to_service.h"
#include "service/command_line/status_report.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  options.add_options()("json", "print the status as JSON");
}

ExitCode run(const po::variables_map& options, Output output) {
  const auto service = connect_to_service();
  const nlohmann::json answer =
      service->call(method::kStatus, nlohmann::json::object(), kServiceDeadline);
  const Status status = status_from(answer);
  if (options.contains("json")) {
    output.out << answer.dump(2) << '\n';
  } else {
    output.out << status_report(status);
  }
  return status_exit_code(status);
}

}  // namespace

Command status_command() {
  return {.name = "status",
          .synopsis = "status [--json]",
          .summary = "Tells whether the data is protected",
          .details = "Exit code: 0 protected, 1 attention, 2 at risk, 3 service not reachable.",
          .example = "holdfast status --json",
          .add_options = &add_options,
          .run = &run};
}

}  // namespace holdfast
