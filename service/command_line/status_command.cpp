#include "service/command_line/status_command.h"

#include <array>
#include <ostream>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/status_report.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

ExitCode run(const po::variables_map& options, Output output) {
  const auto service = open_connection();
  const nlohmann::json answer =
      service->call(method::kStatus, nlohmann::json::object(), kServiceDeadline);
  const Status status = status_from(answer);
  if (options.contains("json")) {
    output.out << json_text(answer);
  } else {
    output.out << status_report(status, SystemClock().now(), output.style);
  }
  return status_exit_code(status);
}

constexpr std::array<ExitMeaning, 4> kExitCodes{
    {{ExitCode::Success, "all data is protected"},
     {ExitCode::Attention, "something needs attention"},
     {ExitCode::AtRisk, "data is at risk, or nothing is protected"},
     {ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command status_command() {
  return {.name = "status",
          .synopsis = "status [--json]",
          .summary = "Tells whether the data is protected",
          .details =
              "How things stand on the whole, then for each dataset. Monitoring can go by the "
              "exit code alone.",
          .example = "holdfast status\nholdfast status --json",
          .exit_codes = kExitCodes,
          .add_options = &add_json_option,
          .run = &run};
}

}  // namespace holdfast
