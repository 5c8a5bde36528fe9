#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command retention_command();

}  // namespace holdfast
