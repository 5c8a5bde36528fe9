#include "service/command_line/command.h"

namespace holdfast {

std::span<const Command> commands() {
  return {};
}

}  // namespace holdfast
