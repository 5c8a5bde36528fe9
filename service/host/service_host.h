#pragma once

namespace holdfast {

// Runs the agent under the service manager and returns when the service has stopped. What goes
// wrong is reported to the service manager as a service-specific exit code, and as event 3000.
// Throws Error when the program was not started by the service manager.
void run_as_service();

}  // namespace holdfast
