#pragma once

#include <functional>

#include "common/protocol/pipe_stream.h"
#include "service/pipe/caller.h"

namespace holdfast {

// Where clients come from. Lives on the agent's thread.
class Listener {
 public:
  using OnClient = std::function<void(PipeStream)>;

  Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  virtual ~Listener() = default;

  // When it returns, a client that connects is served. Throws Error when it cannot listen.
  virtual void start(OnClient on_client) = 0;
  virtual void stop() = 0;

  // Who sent what was last read from the stream. Throws Error when that cannot be told.
  virtual Caller identify(PipeStream& stream) = 0;
};

}  // namespace holdfast
