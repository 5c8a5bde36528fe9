#include "service/command_line/all_commands.h"

namespace holdfast {

std::span<const Command> commands() {
  static const std::vector<Command> commands = direct_commands();
  return commands;
}

}  // namespace holdfast
