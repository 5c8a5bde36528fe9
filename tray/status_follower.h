#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "common/clock.h"
#include "common/protocol/service_client.h"
#include "tray/service_state.h"

namespace holdfast {

// Follows the service for as long as it lives, on a thread of its own. A service that stops
// answering is away within 10 seconds.
//
// latest() may be called from any thread. The destructor ends the thread: at once, or when
// an attempt to connect that is under way has come to its end.
class StatusFollower {
 public:
  // `on_change` is called on the follower's thread whenever latest() was renewed.
  StatusFollower(ServiceClient::Connect connect, std::function<void()> on_change);
  StatusFollower(const StatusFollower&) = delete;
  StatusFollower& operator=(const StatusFollower&) = delete;
  ~StatusFollower();

  ServiceState latest() const;

 private:
  void run(const std::stop_token& stop) noexcept;
  void follow(const std::stop_token& stop);
  void tell_away(ErrorCode code, const char* reason) noexcept;
  void publish(ServiceState state);

  std::function<void()> on_change_;
  SystemClock clock_;
  ServiceClient client_;
  // latest_ is written by the follower's thread and read by the window's.
  mutable std::mutex mutex_;
  ServiceState latest_;
  // Declared last: it starts when all else is there and is joined before anything goes.
  std::jthread thread_;
};

}  // namespace holdfast
