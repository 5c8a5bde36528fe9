#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <thread>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/protocol/json_rpc.h"
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
  // A service that hangs keeps its pipe open: only an answer proves that it lives. After so much
  // silence it is asked, and has so long to answer. Both together stay below the 10 seconds after
  // which the icon must be grey.
  struct Patience {
    std::chrono::milliseconds silence{4000};
    std::chrono::milliseconds answer{5000};
  };
  using Told = std::function<void(const Notification&)>;

  // Both are called on the follower's thread: `on_change` whenever latest() was renewed, `on_told`
  // with what else the service tells by itself.
  StatusFollower(
      ServiceClient::Connect connect, std::function<void()> on_change,
      Told on_told = [](const Notification&) {});
  StatusFollower(ServiceClient::Connect connect, std::function<void()> on_change, Told on_told,
                 Patience patience);
  StatusFollower(const StatusFollower&) = delete;
  StatusFollower& operator=(const StatusFollower&) = delete;
  ~StatusFollower();

  ServiceState latest() const;

 private:
  void run(const std::stop_token& stop) noexcept;
  void follow(const std::stop_token& stop);
  nlohmann::json ask(ServiceConnection& service, std::string_view method) const;
  nlohmann::json next_status(ServiceConnection& service) const;
  void tell_away(ErrorCode code, const char* reason) noexcept;
  void publish(ServiceState state);

  std::function<void()> on_change_;
  Told on_told_;
  Patience patience_;
  SystemClock clock_;
  ServiceClient client_;
  // latest_ is written by the follower's thread and read by the window's.
  mutable std::mutex mutex_;
  ServiceState latest_;
  // Declared last: it starts when all else is there and is joined before anything goes.
  std::jthread thread_;
};

}  // namespace holdfast
