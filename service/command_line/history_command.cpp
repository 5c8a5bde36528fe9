#include "service/command_line/history_command.h"

#include <array>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/messages.h"
#include "common/text.h"
#include "service/catalog/catalog_words.h"
#include "service/command_line/command_options.h"
#include "service/command_line/open_connection.h"
#include "service/command_line/run_texts.h"
#include "service/config/config_values.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;
using nlohmann::json;
using Texts = std::vector<std::string>;

constexpr int kMostRuns = 1000;

int limit_from(const po::variables_map& options) {
  const int limit = options["limit"].as<int>();
  if (limit >= 1 && limit <= kMostRuns) return limit;
  throw Error(ErrorCode::Usage, fmt::format("--limit {} is out of range.", limit),
              fmt::format("Give a number from 1 to {}.", kMostRuns));
}

// "7d" ago, or a time as --json tells it.
Time since_from(const std::string& text, Time now) {
  if (const auto ago = duration_from(text)) return now - *ago;
  try {
    return time_from(text);
  } catch (const std::invalid_argument&) {
    throw Error(ErrorCode::Usage, fmt::format("--since \"{}\" is no time.", one_line(text, 80)),
                "Give how long ago, like 36h or 7d, or a time like 2026-01-31T18:30:00Z.");
  }
}

// The option, where it is given.
template <typename Value, std::size_t kCount>
void add_word(json& request, const po::variables_map& options, const char* name,
              const Words<Value, kCount>& words) {
  if (!options.contains(name)) return;
  const auto& text = options[name].as<std::string>();
  if (!value_in(words, text)) {
    throw Error(ErrorCode::Usage, fmt::format("--{} \"{}\" is none.", name, one_line(text, 80)),
                "Give one of " + list_of(words) + ".");
  }
  request[name] = text;
}

json request_from(const po::variables_map& options, Time now) {
  json request = json::object();
  if (const auto dataset = optional_operand(options, "dataset", "DATASET")) {
    request["dataset"] = *dataset;
  }
  add_word(request, options, "kind", kRunKinds);
  add_word(request, options, "outcome", kRunOutcomes);
  if (options.contains("since")) {
    request["since"] = utc_text(since_from(options["since"].as<std::string>(), now));
  }
  return request;
}

ExitCode history(const po::variables_map& options, Output output) {
  const Time now = SystemClock().now();
  const int limit = limit_from(options);
  const json request = request_from(options, now);
  const json answer = runs_of_pages(*open_connection(), request, limit);
  const SystemTimeZone zone;
  const ReportView view{.now = now, .zone = zone, .style = output.style};
  output.out << (options.contains("json") ? json_text(answer) : history_report(answer, view));
  return ExitCode::Success;
}

void add_history_options(po::options_description& options) {
  options.add_options()("dataset", po::value<Texts>()->value_name("DATASET"),
                        "which dataset, by its id; all of them when none is named")(
      "kind", po::value<std::string>()->value_name("KIND"),
      "only runs of this kind: backup, restore, drill")(
      "outcome", po::value<std::string>()->value_name("OUTCOME"),
      "only runs that ended so: verified, unchanged, failed, cancelled, interrupted")(
      "since", po::value<std::string>()->value_name("TIME"),
      "only runs that began in the last 36h, 7d..., or since a time in UTC")(
      "limit", po::value<int>()->value_name("N")->default_value(30), "how many runs, at most 1000");
  add_json_option(options);
}

constexpr std::array<ExitMeaning, 1> kExitCodes{
    {{ExitCode::ServiceNotReachable, "the service could not be reached"}}};

}  // namespace

json runs_of_pages(ServiceConnection& service, json request, int limit) {
  json answer;
  json runs = json::array();
  do {
    request["limit"] = limit - static_cast<int>(runs.size());
    answer = service.call(method::kHistory, request, kServiceDeadline);
    for (json& run : answer.at("runs")) runs.push_back(std::move(run));
    if (answer.contains("next")) request["before"] = answer["next"];
  } while (answer.contains("next") && static_cast<int>(runs.size()) < limit);
  answer["runs"] = std::move(runs);
  return answer;
}

Command history_command() {
  return {.name = "history",
          .synopsis =
              "history [DATASET] [--kind KIND] [--outcome OUTCOME] [--since TIME] [--limit N] "
              "[--json]",
          .summary = "Lists what was done, the newest first",
          .details = "Times are local; the names of archives have them in UTC, and so has --json.",
          .example =
              "holdfast history\n"
              "holdfast history clinic --outcome failed --since 7d",
          .exit_codes = kExitCodes,
          .operands = "dataset",
          .operand_kind = OperandKind::Dataset,
          .add_options = &add_history_options,
          .run = &history};
}

}  // namespace holdfast
