#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command history_command();

}  // namespace holdfast
