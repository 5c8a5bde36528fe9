#pragma once

#include <optional>
#include <string>

#include "common/error.h"
#include "common/protocol/messages.h"

namespace holdfast {

// What is known about the service at one moment.
struct ServiceState {
  std::optional<Status> status;  // nothing while the service is away
  std::optional<Error> failure;  // why it is away; nothing before the first attempt has ended
  std::string version;           // of the service while it is connected
};

}  // namespace holdfast
