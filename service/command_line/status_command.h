#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command status_command();

}  // namespace holdfast
