#include "service/command_line/confirmation.h"

#include <iostream>
#include <ostream>
#include <string>

#include <fmt/format.h>

#include "common/error.h"

namespace holdfast {

namespace po = boost::program_options;

void add_yes_option(po::options_description& options) {
  options.add_options()("yes", "without asking");
}

bool is_confirmed(const po::variables_map& options, std::string_view question,
                  std::string_view what, Output output) {
  if (options.contains("yes")) return true;
  // Whoever cannot be asked has to say it beforehand.
  if (!output.err_is_terminal) {
    throw Error(ErrorCode::Usage, fmt::format("Nobody can be asked whether to {}.", what),
                "Say it with --yes.");
  }
  output.err << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer.starts_with('y') || answer.starts_with('Y');
}

}  // namespace holdfast
