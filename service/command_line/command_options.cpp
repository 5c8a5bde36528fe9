#include "service/command_line/command_options.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/text.h"

namespace holdfast {
namespace {

template <typename Json>
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

namespace po = boost::program_options;

std::string json_text(const nlohmann::json& json) {
  return text_of(json);
}

std::string json_text(const nlohmann::ordered_json& json) {
  return text_of(json);
}

std::map<std::string, std::string> count_options(const po::variables_map& options) {
  std::map<std::string, std::string> counts;
  if (!options.contains("count")) return counts;
  for (const std::string& count : options["count"].as<std::vector<std::string>>()) {
    const std::size_t equals = count.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == count.size()) {
      throw Error(ErrorCode::Usage, fmt::format("--count \"{}\" is not NAME=SQL.", one_line(count)),
                  "Write it like --count \"patients=SELECT count(*) FROM patients\".");
    }
    counts[count.substr(0, equals)] = count.substr(equals + 1);
  }
  return counts;
}

void add_json_option(po::options_description& options) {
  options.add_options()("json", "print it as JSON, for programs");
}

ProgressLine::Watched watched(const po::variables_map& options, const Output& output) {
  return output.err_is_terminal && !options.contains("json") ? ProgressLine::Watched::Yes
                                                             : ProgressLine::Watched::No;
}

const std::vector<std::string>& operands(const po::variables_map& options, const char* name,
                                         const char* what) {
  if (!options.contains(name)) {
    throw Error(ErrorCode::Usage, fmt::format("No {} was given.", what),
                "See the command's --help.");
  }
  const auto& all = options[name].as<std::vector<std::string>>();
  if (std::find(all.begin(), all.end(), "") != all.end()) {
    throw Error(ErrorCode::Usage, fmt::format("The {} is an empty text.", what),
                "Check what the shell made of it.");
  }
  return all;
}

const std::string& operand(const po::variables_map& options, const char* name, const char* what) {
  const std::vector<std::string>& all = operands(options, name, what);
  if (all.size() == 1) return all.front();
  throw Error(ErrorCode::Usage, fmt::format("More than one {} was given.", what),
              "Name one at a time.");
}

std::optional<std::string> optional_operand(const po::variables_map& options, const char* name,
                                            const char* what) {
  if (!options.contains(name)) return std::nullopt;
  return operand(options, name, what);
}

const std::string& required(const po::variables_map& options, const char* name) {
  if (!options.contains(name)) {
    throw Error(ErrorCode::Usage, fmt::format("The option --{} is missing.", name),
                "See the command's --help.");
  }
  return options[name].as<std::string>();
}

}  // namespace holdfast
