#include "service/command_line/command_line.h"

#include <version.h>

#include <algorithm>
#include <ostream>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/protocol/json_rpc.h"
#include "common/text.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

constexpr const char* kTopOptions[] = {"--help", "--version"};

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto meant = closest(word, candidates);
  return meant ? fmt::format("Did you mean \"{}\"?", *meant) : "See \"holdfast --help\".";
}

po::options_description options_of(const Command& command) {
  po::options_description options("Options");
  command.add_options(options);
  options.add_options()("help,h", "explain this command");
  return options;
}

std::string overview(std::span<const Command> commands) {
  std::string text = "Holdfast " HOLDFAST_VERSION
                     " backs up and guards the databases of your applications.\n\n"
                     "Usage: holdfast COMMAND [OPTIONS]\n\nCommands:\n";
  for (const Command& command : commands) {
    text += fmt::format("  {:<10} {}\n", command.name, command.summary);
  }
  return text +
         "\nOptions:\n  --help     explain a command: holdfast COMMAND --help\n"
         "  --version  show the version\n";
}

std::string explanation(const Command& command) {
  std::ostringstream options;
  options << options_of(command);
  const std::string details = command.details.empty() ? "" : fmt::format("{}\n", command.details);
  return fmt::format("Usage: holdfast {}\n\n{}.\n{}\n{}\nExample:\n  {}\n", command.synopsis,
                     command.summary, details, options.str(), command.example);
}

[[noreturn]] void reject_option(const std::string& word, const po::options_description& options) {
  std::vector<std::string> known;
  for (const auto& option : options.options()) known.push_back("--" + option->long_name());
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  throw Error(ErrorCode::Usage, fmt::format("There is no option \"{}\".", one_line(word)),
              suggestion(word, candidates));
}

po::variables_map parse(const Command& command, const std::vector<std::string>& arguments) {
  const po::options_description options = options_of(command);
  po::variables_map values;
  try {
    // Abbreviated options would change their meaning when an option is added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::positional_options_description operands;
    if (*command.operands != '\0') operands.add(command.operands, -1);
    po::store(
        po::command_line_parser(arguments).options(options).style(style).positional(operands).run(),
        values);
    po::notify(values);
  } catch (const po::unknown_option& fault) {
    reject_option(fault.get_option_name(), options);
  } catch (const po::too_many_positional_options_error&) {
    const auto extra = std::find_if(arguments.begin(), arguments.end(),
                                    [](const std::string& word) { return !word.starts_with('-'); });
    throw Error(ErrorCode::Usage,
                fmt::format("\"{}\" takes no \"{}\".", command.name, one_line(*extra)),
                fmt::format("See \"holdfast {} --help\".", command.name));
  } catch (const po::error& fault) {
    throw Error(ErrorCode::Usage, fmt::format("{}: {}.", command.name, fault.what()),
                fmt::format("See \"holdfast {} --help\".", command.name));
  }
  return values;
}

const Command& find(std::string_view name, std::span<const Command> commands) {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [name](const Command& command) { return command.name == name; });
  if (found != commands.end()) return *found;
  std::vector<std::string_view> candidates(std::begin(kTopOptions), std::end(kTopOptions));
  for (const Command& command : commands) candidates.push_back(command.name);
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
    const bool as_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    if (as_json) output.out << nlohmann::json{{"error", error_json(error)}}.dump(2) << '\n';
    output.err << "holdfast: " << error.line() << '\n';
    return exit_code(error.code());
  } catch (const std::exception& surprise) {
    output.err << "holdfast: an unexpected failure: " << surprise.what() << '\n';
    return ExitCode::Failed;
  }
}

}  // namespace holdfast
