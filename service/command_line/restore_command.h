#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command restore_command();

}  // namespace holdfast
