#include "tests/support/connected_pair.h"

#include <array>
#include <csignal>
#include <stdexcept>

#include <sys/socket.h>

namespace holdfast {

ConnectedPair connected_pair() {
  // That the other end has hung up is told by a write's result, as it is of a pipe of Windows.
  std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) {
    throw std::runtime_error("socketpair failed");
  }
  return {ends[0], ends[1]};
}

}  // namespace holdfast
