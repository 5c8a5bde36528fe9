#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "tray/service_state.h"

namespace holdfast {

class ServiceConnection;

// Follows the service for as long as it lives, over one connection after another, on a thread of
// its own. A service that stops answering is away within 10 seconds.
//
// latest() may be called from any thread. The destructor ends the thread: at once, or within 4
// seconds while the service accepts a connection and then says nothing.
class ServiceClient {
 public:
  // `on_change` is called on the client's thread whenever latest() was renewed.
  explicit ServiceClient(std::function<void()> on_change);
  ServiceClient(const ServiceClient&) = delete;
  ServiceClient& operator=(const ServiceClient&) = delete;
  ~ServiceClient();

  ServiceState latest() const;

 private:
  class Cancellable;
  void run(const std::stop_token& stop) noexcept;
  void follow(const std::stop_token& stop);
  void tell_away(ErrorCode code, const char* reason) noexcept;
  void publish(ServiceState state);
  void set_connection(ServiceConnection* connection);

  std::function<void()> on_change_;
  std::chrono::milliseconds pause_;  // of the client's thread only
  // latest_ is written by the client's thread and read by the window's; the destructor ends what
  // the client's thread waits for.
  mutable std::mutex mutex_;
  ServiceState latest_;
  ServiceConnection* connection_ = nullptr;  // while the client's thread has one
  // Declared last: it starts when all else is there and is joined before anything goes.
  std::jthread thread_;
};

}  // namespace holdfast
