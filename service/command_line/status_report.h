#pragma once

#include <string>

#include "common/protocol/messages.h"
#include "service/command_line/exit_code.h"
#include "service/command_line/style.h"

namespace holdfast {

// What `holdfast status` prints for people.
std::string status_report(const Status& status, Time now, const Style& style);
// What monitoring branches on.
ExitCode status_exit_code(const Status& status);

}  // namespace holdfast
