#include "service/command_line/command_options.h"

#include <fmt/format.h>

#include "common/error.h"

namespace holdfast {

namespace po = boost::program_options;

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
  return options[name].as<std::vector<std::string>>();
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
