#pragma once

#include <utility>

#include "common/protocol/native_pipe.h"

namespace holdfast {

// The two ends of a connection inside this process: what a client holds, and what a service does.
struct ConnectedPair {
  NativePipe client;
  NativePipe service;
};
ConnectedPair connected_pair();

}  // namespace holdfast
