#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command undo_command();

}  // namespace holdfast
