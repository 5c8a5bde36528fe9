#pragma once

#include <chrono>
#include <cstddef>

#include "common/protocol/messages.h"

namespace holdfast {

// What one client, or many, may cost the service.
struct PipeLimits {
  // A longer line is answered with an error and ends the connection: where the next message would
  // begin is not known any more.
  std::size_t max_line_bytes = kMaxLineBytes;

  // A client that has not said hello by then is closed, so that a silent one pins nothing.
  std::chrono::milliseconds hello_deadline{5000};

  // A client that does not take what it was sent within this time, or lets more than this pile up,
  // is dropped. Nobody waits for it.
  std::chrono::milliseconds write_deadline{5000};
  std::size_t max_queued_bytes = std::size_t{1024} * 1024;

  // How long a connection that is being ended may take to read its last message.
  std::chrono::milliseconds goodbye_deadline{300};

  // Connections that have sent nothing yet, and connections of one user. One more, and the one that
  // was heard longest ago is closed, so that a crowd of idle clients shuts nobody out.
  std::size_t max_strangers = 256;
  std::size_t max_per_user = 256;
};

}  // namespace holdfast
