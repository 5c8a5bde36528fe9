#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command config_command();

}  // namespace holdfast
