#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command delete_command();

}  // namespace holdfast
