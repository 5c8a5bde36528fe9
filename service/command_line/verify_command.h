#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Needs no service.
Command verify_command();

}  // namespace holdfast
