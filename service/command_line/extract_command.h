#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Needs no service.
Command extract_command();

}  // namespace holdfast
