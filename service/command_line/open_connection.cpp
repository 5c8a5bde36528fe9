#include "service/command_line/open_connection.h"

#include <version.h>

#include "common/protocol/connect_to_service.h"

namespace holdfast {

std::unique_ptr<ServiceConnection> open_connection(std::chrono::milliseconds deadline) {
  return connect_to_service("holdfast " HOLDFAST_VERSION, deadline);
}

}  // namespace holdfast
