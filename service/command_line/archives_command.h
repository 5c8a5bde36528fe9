#pragma once

#include "service/command_line/command.h"

namespace holdfast {

Command archives_command();

}  // namespace holdfast
