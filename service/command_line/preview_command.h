#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command preview_command();

}  // namespace holdfast
