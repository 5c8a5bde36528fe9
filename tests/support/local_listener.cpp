#include "tests/support/local_listener.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace holdfast {

void LocalListener::start(OnClient on_client) {
  on_client_ = std::move(on_client);
}

Caller LocalListener::identify(PipeStream&) {
  if (identification_fails) {
    throw Error(ErrorCode::SystemCallFailed, "Cannot tell who is calling.", "Connect again.");
  }
  return {.user_sid = next_user, .is_elevated_administrator = is_administrator};
}

NativePipe LocalListener::connect() {
  const ConnectedPair pair = connected_pair();
  boost::asio::post(io_, [this, service = pair.service] {
    PipeStream stream(io_, service);
    if (on_client_) on_client_(std::move(stream));
  });
  return pair.client;
}

}  // namespace holdfast
