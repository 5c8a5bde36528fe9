#pragma once

#include <string>

#include "common/protocol/messages.h"
#include "service/command_line/exit_code.h"

namespace holdfast {

// What `holdfast status` prints for people.
std::string status_report(const Status& status);
// What monitoring branches on.
ExitCode status_exit_code(const Status& status);

}  // namespace holdfast
