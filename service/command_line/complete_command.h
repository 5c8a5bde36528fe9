#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Prints the script that makes a shell complete what is typed.
Command completion_command();
// What that script asks: the words that may stand next. Not listed by help.
Command complete_command();

}  // namespace holdfast
