#include <array>

#include "service/command_line/command.h"
#include "service/command_line/config_command.h"
#include "service/command_line/extract_command.h"
#include "service/command_line/list_command.h"
#include "service/command_line/snapshot_command.h"
#include "service/command_line/verify_command.h"

namespace holdfast {

std::span<const Command> commands() {
  static const std::array<Command, 5> commands{snapshot_command(), verify_command(),
                                               extract_command(), list_command(), config_command()};
  return commands;
}

}  // namespace holdfast
