#pragma once

#include <string>
#include <vector>

namespace holdfast {

// Sees to it that the service manager has the service as it should be: restarted on failure (also
// when it ends by itself with an error), delayed start, its own SID, no more privileges than it
// needs, time to finish at shutdown, a quoted path. What already is so is left alone.
//
// Returns, in words, what somebody had changed since the service last saw to it. What the system
// does not let be read or set is logged and otherwise ignored: the service works without it.
std::vector<std::string> mend_service_configuration();

enum class ServiceStart {
  Automatic,  // with Windows
  OnDemand,   // when somebody starts it
  Disabled,
};

// Throws Error.
void set_service_start(ServiceStart start);

}  // namespace holdfast
