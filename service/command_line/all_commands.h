#pragma once

#include <vector>

#include "service/command_line/command.h"

namespace holdfast {

// What only a system with services can do.
struct HostActions {
  decltype(Command::run) run_in_console = nullptr;
  decltype(Command::run) run_as_service = nullptr;
};

// Every command there is, in the order in which help lists them: those that ask the service, those
// that need none, and those that are Holdfast.
std::vector<Command> all_commands(const HostActions& actions);
// Those that need no service.
std::vector<Command> direct_commands();

}  // namespace holdfast
