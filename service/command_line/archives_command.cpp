#include "service/command_line/archives_command.h"

#include <array>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

constexpr int kMostArchives = 1000;

ExitCode archives(const po::variables_map& options, Output output) {
  const int limit = options["limit"].as<int>();
  if (limit < 1 || limit > kMostArchives) {
    throw Error(ErrorCode::Usage, fmt::format("--limit {} is out of range.", limit),
                fmt::format("Give a number from 1 to {}.", kMostArchives));
  }
  const nlohmann::json request = {{"dataset", operand(options, "dataset", "DATASET")},
                                  {"limit", limit}};
  const nlohmann::json answer =
      open_connection()->call(method::kArchiveList, request, kServiceDeadline);
  const SystemTimeZone zone;
  const ReportView view{.now = SystemClock().now(), .zone = zone, .style = output.style};
  output.out << (options.contains("json") ? json_text(answer) : archives_report(answer, view));
  return ExitCode::Success;
}

void add_archives_options(po::options_description& options) {
  options.add_options()("dataset", po::value<std::vector<std::string>>()->value_name("DATASET"),
                        "which dataset, by its id")(
      "limit", po::value<int>()->value_name("N")->default_value(30), "how many, at most 1000");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

Command archives_command() {
  return {.name = "archives",
          .synopsis = "archives DATASET [--limit N] [--json]",
          .summary = "Lists the archives of a dataset, the newest first",
          .details = "Those of other computers and of older systems in its folder are among them.",
          .example = "holdfast archives clinic",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_archives_options,
          .run = &archives};
}

}  // namespace holdfast
