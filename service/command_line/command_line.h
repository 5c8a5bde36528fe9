#pragma once

#include <string>
#include <vector>

#include "service/command_line/command.h"

namespace holdfast {

// Runs the command that the arguments (without the program's name, UTF-8) name. Every failure ends
// here, as one line on `err` and an exit code.
ExitCode run_command_line(const std::vector<std::string>& arguments,
                          std::span<const Command> commands, Output output);

}  // namespace holdfast
