#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "service/command_line/command.h"

namespace holdfast {

// A word that may stand next, and what it means.
struct Completion {
  std::string word;
  std::string meaning;

  bool operator==(const Completion&) const = default;
};

// What a command line is made of so far, without the program's name.
struct TypedWords {
  std::vector<std::string> before;  // whole
  std::string begun;                // the one at the cursor; empty when a new one begins
};

// The words that may stand at the cursor. None where the shell knows better: at files, and behind
// options that take a value. `dataset_ids` is only called where they may stand.
std::vector<Completion> completions(const TypedWords& typed, std::span<const Command> commands,
                                    const std::function<std::vector<std::string>()>& dataset_ids);

}  // namespace holdfast
