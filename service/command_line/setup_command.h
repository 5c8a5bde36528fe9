#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// What the installer has done by this program: a configuration placed, the service's start chosen,
// Holdfast's own data removed. A failure is an event, too: nobody reads what it writes.
Command setup_command();

}  // namespace holdfast
