#pragma once

#include <chrono>
#include <string>

#include "common/unique_handle.h"

namespace holdfast {

// Connects to the service's pipe and makes sure that it is really Holdfast at the other end: the
// process that the service manager runs as "Holdfast", or, while that is not running, one that an
// administrator runs in a console. Throws Error: ServiceUnreachable, ServiceRefused,
// ServiceUntrusted, TimedOut.
FileHandle open_service_pipe(const std::string& pipe_name, std::chrono::milliseconds deadline);

}  // namespace holdfast
