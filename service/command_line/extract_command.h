#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Needs no service, on Windows and elsewhere.
Command extract_command();

}  // namespace holdfast
