#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command backup_command();

}  // namespace holdfast
