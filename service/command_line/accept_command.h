#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command accept_command();

}  // namespace holdfast
