#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command drill_command();

}  // namespace holdfast
