#include "service/command_line/completion.h"

#include <algorithm>

#include "service/command_line/help_text.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

using Completions = std::vector<Completion>;
using DatasetIds = std::function<std::vector<std::string>()>;

Completions beginning_with(const std::string& begun, const Completions& all) {
  Completions fitting;
  for (const Completion& one : all) {
    if (one.word.starts_with(begun)) fitting.push_back(one);
  }
  return fitting;
}

const Command* find(std::string_view name, std::span<const Command> commands) {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [name](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

Completions command_names(std::span<const Command> commands) {
  Completions names;
  for (const Command& command : commands) {
    if (command.listed == Command::Listed::No) continue;
    names.push_back({std::string(command.name), std::string(command.summary)});
  }
  return names;
}

bool takes_value(const po::option_description& option) {
  return option.semantic()->max_tokens() > 0;
}

// What the words behind a command's name are, as far as they go.
struct Arguments {
  std::vector<std::string> options;  // those that were given, "--json"
  std::size_t operands = 0;
  bool wants_value = false;  // the next word is the value of the last option
};

Arguments arguments_of(std::span<const std::string> words, const po::options_description& options) {
  Arguments arguments;
  for (const std::string& word : words) {
    if (arguments.wants_value) {
      arguments.wants_value = false;
    } else if (word.size() < 2 || !word.starts_with('-')) {
      ++arguments.operands;
    } else {
      const std::size_t equals = word.find('=');
      const std::string name = word.substr(0, equals);
      arguments.options.push_back(name == "-h" ? "--help" : name);
      const po::option_description* const known =
          name.starts_with("--") ? options.find_nothrow(name.substr(2), false) : nullptr;
      arguments.wants_value =
          equals == std::string::npos && known != nullptr && takes_value(*known);
    }
  }
  return arguments;
}

Completions options_left(const Command& command, const po::options_description& options,
                         const std::vector<std::string>& given) {
  Completions left;
  for (const auto& option : options.options()) {
    if (option->long_name() == command.operands) continue;
    const std::string word = "--" + option->long_name();
    const bool is_given = std::find(given.begin(), given.end(), word) != given.end();
    if (is_given && !option->semantic()->is_composing()) continue;
    left.push_back({word, option->description()});
  }
  return left;
}

Completions operands_for(const Command& command, std::size_t given, const DatasetIds& dataset_ids) {
  Completions words;
  if (given == 0 && !command.first_operands.empty()) {
    for (const std::string_view word : command.first_operands) {
      words.push_back({std::string(word), std::string(command.summary)});
    }
  } else if (given == 0 && command.operand_kind == OperandKind::Dataset) {
    for (const std::string& id : dataset_ids()) words.push_back({id, "dataset"});
  }
  return words;
}

Completions for_command(const Command& command, std::span<const std::string> words,
                        const std::string& begun, const DatasetIds& dataset_ids) {
  const po::options_description options = options_of(command);
  const Arguments arguments = arguments_of(words, options);
  if (arguments.wants_value) return {};
  const Completions left = options_left(command, options, arguments.options);
  if (begun.starts_with('-')) return beginning_with(begun, left);
  Completions fitting =
      beginning_with(begun, operands_for(command, arguments.operands, dataset_ids));
  // Where nothing else can stand, the shell would offer the folder's files.
  const bool may_be_file = command.operand_kind == OperandKind::File;
  return fitting.empty() && begun.empty() && !may_be_file ? left : fitting;
}

}  // namespace

Completions completions(const TypedWords& typed, std::span<const Command> commands,
                        const DatasetIds& dataset_ids) {
  const auto& [before, begun] = typed;
  if (before.empty()) {
    Completions words = command_names(commands);
    if (begun.starts_with('-')) {
      words = {{"--help", "explain a command"}, {"--version", "show the version"}};
    }
    return beginning_with(begun, words);
  }
  const bool asks_for_help = before[0] == "help" || before[0] == "--help";
  if (asks_for_help) {
    return before.size() == 1 ? beginning_with(begun, command_names(commands)) : Completions{};
  }
  const Command* const command = find(before[0], commands);
  if (command == nullptr || command->listed == Command::Listed::No) return {};
  return for_command(*command, std::span(before).subspan(1), begun, dataset_ids);
}

}  // namespace holdfast
