#pragma once

#include <utility>

#include "common/protocol/pipe_stream.h"

namespace holdfast {

// The two ends of a connection inside this process: what a client holds, and what a service does.
struct ConnectedPair {
  PipeStream::native_handle_type client;
  PipeStream::native_handle_type service;
};
ConnectedPair connected_pair();

}  // namespace holdfast
