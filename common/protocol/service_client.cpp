#include "common/protocol/service_client.h"

#include <algorithm>

namespace holdfast {

ServiceConnection& ServiceClient::connection() {
  if (!connection_) {
    auto opened = connect_();
    const std::scoped_lock lock(mutex_);
    if (is_cancelled_) opened->cancel();
    connection_ = std::move(opened);
  }
  return *connection_;
}

void ServiceClient::lost(const std::stop_token& stop) {
  {
    const std::scoped_lock lock(mutex_);
    connection_.reset();
  }
  clock_.wait(pause_, stop);
  pause_ = std::min(pause_ * 2, kLongestPause);
}

void ServiceClient::cancel() {
  const std::scoped_lock lock(mutex_);
  is_cancelled_ = true;
  if (connection_) connection_->cancel();
}

bool is_lost_connection(const Error& error) {
  return error.code() == ErrorCode::ServiceUnreachable || error.code() == ErrorCode::TimedOut;
}

}  // namespace holdfast
