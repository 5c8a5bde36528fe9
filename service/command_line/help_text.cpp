#include "service/command_line/help_text.h"

#include <version.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

constexpr std::size_t kWidestTerm = 18;

struct Term {
  std::string word;
  std::string meaning;
};

std::string terms_text(std::string_view heading, const std::vector<Term>& terms) {
  if (terms.empty()) return "";
  std::size_t widest = 0;
  for (const Term& term : terms) widest = std::max(widest, term.word.size());
  widest = std::min(widest, kWidestTerm);
  const std::size_t indent = 2 + widest + 2;
  std::string text = fmt::format("\n{}:\n", heading);
  for (const auto& [word, meaning] : terms) {
    const std::string meant = wrapped(meaning, kUsualColumns, indent);
    if (word.size() <= widest) {
      text += fmt::format("  {:<{}}  {}\n", word, widest, meant);
    } else {
      text += fmt::format("  {}\n{:{}}{}\n", word, "", indent, meant);
    }
  }
  return text;
}

// One way of using it.
std::string usage_line(std::string_view lead, std::string_view synopsis) {
  // What stands in brackets is one word.
  constexpr char kKept = '\x01';
  std::string words(synopsis);
  int depth = 0;
  for (char& c : words) {
    if (c == '[') ++depth;
    if (c == ']') --depth;
    if (c == ' ' && depth > 0) c = kKept;
  }
  std::string text = fmt::format("{}{}\n", lead, wrapped(words, kUsualColumns, lead.size()));
  std::replace(text.begin(), text.end(), kKept, ' ');
  return text;
}

std::string usage_text(const Command& command) {
  constexpr std::string_view kFirst = "Usage: holdfast ";
  constexpr std::string_view kOther = "       holdfast ";
  std::string_view rest = command.synopsis;
  std::string text = usage_line(kFirst, rest.substr(0, rest.find('\n')));
  while (rest.find('\n') != std::string_view::npos) {
    rest.remove_prefix(rest.find('\n') + 1);
    text += usage_line(kOther, rest.substr(0, rest.find('\n')));
  }
  return text;
}

Term option_term(const po::option_description& option) {
  std::string word = "--" + option.long_name();
  const auto takes = option.semantic();
  if (takes->max_tokens() > 0) word += " " + takes->name();
  if (option.long_name() == "help") word = "-h, " + word;
  return {word, option.description()};
}

// Wrong words are refused by every command that takes any, and every one may fail.
std::string exit_codes_text(const Command& command) {
  std::map<int, std::string_view> codes{
      {static_cast<int>(ExitCode::Success), "done"},
      {static_cast<int>(ExitCode::Usage), "the command was not understood"},
      {static_cast<int>(ExitCode::Failed), "it failed; a sentence on stderr tells why"}};
  for (const auto& [code, meaning] : command.exit_codes) codes[static_cast<int>(code)] = meaning;
  std::vector<Term> terms;
  terms.reserve(codes.size());
  for (const auto& [code, meaning] : codes) {
    terms.push_back({fmt::format("{:>3}", code), std::string(meaning)});
  }
  return terms_text("Exit codes", terms);
}

std::string examples_text(const Command& command) {
  const bool several = command.example.find('\n') != std::string_view::npos;
  std::string text = several ? "\nExamples:\n  " : "\nExample:\n  ";
  for (const char c : command.example) {
    text += c;
    if (c == '\n') text += "  ";
  }
  return text + '\n';
}

}  // namespace

po::options_description options_of(const Command& command) {
  po::options_description options("Options");
  command.add_options(options);
  options.add_options()("help,h", "explain this command");
  return options;
}

std::string overview(std::span<const Command> commands) {
  std::vector<Term> terms;
  for (const Command& command : commands) {
    if (command.listed == Command::Listed::No) continue;
    terms.push_back({std::string(command.name), std::string(command.summary)});
  }
  return "Holdfast " HOLDFAST_VERSION
         " backs up and guards the databases of your applications.\n\n"
         "Usage: holdfast COMMAND [OPTIONS]\n" +
         terms_text("Commands", terms) +
         terms_text("Options", {{"-h, --help", "explain a command: holdfast COMMAND --help"},
                                {"--version", "show the version"}});
}

std::string explanation(const Command& command) {
  std::vector<Term> operands;
  std::vector<Term> options;
  const po::options_description all = options_of(command);
  for (const auto& option : all.options()) {
    if (option->long_name() == command.operands) {
      operands.push_back({option->semantic()->name(), option->description()});
    } else {
      options.push_back(option_term(*option));
    }
  }
  std::string text = usage_text(command);
  text += fmt::format("\n{}.\n", wrapped(command.summary, kUsualColumns - 1));
  if (!command.details.empty()) text += '\n' + wrapped(command.details, kUsualColumns) + '\n';
  return text + terms_text("Arguments", operands) + terms_text("Options", options) +
         exit_codes_text(command) + examples_text(command);
}

}  // namespace holdfast
