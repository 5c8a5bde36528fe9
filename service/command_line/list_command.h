#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Needs no service.
Command list_command();

}  // namespace holdfast
