#include "service/command_line/command_line.h"

#include <version.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/json_rpc.h"
#include "common/text.h"
#include "service/command_line/command_options.h"
#include "service/command_line/help_text.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kMaxErrorBytes = 4000;
constexpr const char* kTopOptions[] = {"--help", "--version"};

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto meant = closest(word, candidates);
  return meant ? fmt::format("Did you mean \"{}\"?", *meant) : "See \"holdfast --help\".";
}

[[noreturn]] void reject_option(const std::string& word, const po::options_description& options) {
  std::vector<std::string> known;
  for (const auto& option : options.options()) known.push_back("--" + option->long_name());
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  throw Error(ErrorCode::Usage, fmt::format("There is no option \"{}\".", one_line(word)),
              suggestion(word, candidates));
}

po::parsed_options parsed(const std::vector<std::string>& arguments,
                          const po::options_description& options, const char* operands) {
  // Abbreviated options would change their meaning when an option is added.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  po::positional_options_description positional;
  if (*operands != '\0') positional.add(operands, -1);
  return po::command_line_parser(arguments)
      .options(options)
      .style(style)
      .positional(positional)
      .run();
}

// The first word that is neither an option nor an option's value, of a command that takes none.
std::string extra_word(const std::vector<std::string>& arguments,
                       const po::options_description& options) {
  constexpr const char* kExtra = "extra word";
  po::options_description all;
  all.add(options).add_options()(kExtra, po::value<std::vector<std::string>>());
  const po::parsed_options words = parsed(arguments, all, kExtra);
  const auto found = std::find_if(words.options.begin(), words.options.end(),
                                  [](const po::option& word) { return word.position_key >= 0; });
  return found == words.options.end() ? "" : found->value.front();
}

po::variables_map parse(const Command& command, const std::vector<std::string>& arguments) {
  const po::options_description options = options_of(command);
  const std::string help = fmt::format("See \"holdfast {} --help\".", command.name);
  po::variables_map values;
  try {
    po::store(parsed(arguments, options, command.operands), values);
    po::notify(values);
  } catch (const po::unknown_option& fault) {
    reject_option(fault.get_option_name(), options);
  } catch (const po::too_many_positional_options_error&) {
    throw Error(ErrorCode::Usage,
                fmt::format("\"{}\" takes no \"{}\".", command.name,
                            one_line(extra_word(arguments, options))),
                help);
  } catch (const po::error& fault) {
    throw Error(ErrorCode::Usage, fmt::format("{}: {}.", command.name, one_line(fault.what())),
                help);
  }
  return values;
}

const Command& find(std::string_view name, std::span<const Command> commands) {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [name](const Command& command) { return command.name == name; });
  if (found != commands.end()) return *found;
  std::vector<std::string_view> candidates(std::begin(kTopOptions), std::end(kTopOptions));
  for (const Command& command : commands) {
    if (command.listed == Command::Listed::Yes) candidates.push_back(command.name);
  }
  throw Error(ErrorCode::Usage,
              fmt::format("There is no {} \"{}\".", name.starts_with('-') ? "option" : "command",
                          one_line(name)),
              suggestion(name, candidates));
}

ExitCode run(const std::vector<std::string>& arguments, std::span<const Command> commands,
             Output output) {
  if (arguments.empty()) {
    throw Error(ErrorCode::Usage, "No command was given.", "See \"holdfast --help\".");
  }
  const std::string& first = arguments.front();
  if (first == "--version") {
    output.out << "holdfast " HOLDFAST_VERSION "\n";
    return ExitCode::Success;
  }
  const bool asks_for_help = first == "--help" || first == "-h" || first == "help";
  if (asks_for_help && arguments.size() == 1) {
    output.out << overview(commands);
    return ExitCode::Success;
  }
  const Command& command = find(asks_for_help ? arguments[1] : first, commands);
  const po::variables_map options =
      parse(command, {arguments.begin() + (asks_for_help ? 2 : 1), arguments.end()});
  if (asks_for_help || options.contains("help")) {
    output.out << explanation(command);
    return ExitCode::Success;
  }
  return command.run(options, output);
}

ExitCode exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::Usage: return ExitCode::Usage;
    case ErrorCode::ServiceUnreachable:
    case ErrorCode::ServiceRefused:
    case ErrorCode::ServiceUntrusted:
    case ErrorCode::TimedOut: return ExitCode::ServiceNotReachable;
    default: return ExitCode::Failed;
  }
}

// What a program that reads JSON gets instead of the outcome.
void tell_as_json(const Error& error, const std::vector<std::string>& arguments, Output output) {
  if (std::find(arguments.begin(), arguments.end(), "--json") == arguments.end()) return;
  output.out << json_text(nlohmann::json{{"error", error_json(error)}}) << std::flush;
}

}  // namespace

ExitCode run_command_line(const std::vector<std::string>& arguments,
                          std::span<const Command> commands, Output output) {
  try {
    const ExitCode code = run(arguments, commands, output);
    if (!output.out.flush()) {
      throw Error(ErrorCode::OutputFailed, "Cannot write the output.",
                  "Check where it is sent to: the disk may be full or the reader gone.");
    }
    return code;
  } catch (const Error& error) {
    tell_as_json(error, arguments, output);
    output.err << "holdfast: " << one_line(error.line(), kMaxErrorBytes) << '\n';
    return exit_code(error.code());
  } catch (const std::exception& surprise) {
    const Error error(ErrorCode::Internal,
                      fmt::format("An unexpected failure: {}.", one_line(surprise.what())), "");
    tell_as_json(error, arguments, output);
    output.err << "holdfast: " << one_line(error.line(), kMaxErrorBytes) << '\n';
    return ExitCode::Failed;
  }
}

}  // namespace holdfast
