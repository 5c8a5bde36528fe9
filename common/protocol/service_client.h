#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>

#include "common/clock.h"
#include "common/protocol/service_connection.h"

namespace holdfast {

// The way of Holdfast's own clients to the service, over one connection after another. While nobody
// answers, the pauses between two attempts grow. Used by one thread; only cancel() may be called
// from any other.
class ServiceClient {
 public:
  // Opens a connection, to a service that was made sure of; throws Error.
  using Connect = std::function<std::unique_ptr<ServiceConnection>()>;

  ServiceClient(Connect connect, const Clock& clock)
      : connect_(std::move(connect)), clock_(clock), pause_(kShortestPause) {}

  // The connection that there is, else a new one. Throws what Connect throws.
  ServiceConnection& connection();
  // Something was heard over the connection: the next pause is the shortest.
  void works() { pause_ = kShortestPause; }
  // The connection has failed, or there was none: leaves it, and waits before another is tried, no
  // longer than until `stop`.
  void lost(const std::stop_token& stop);

  // Ends what the connection waits for, and does so with every later one: for good.
  void cancel();

 private:
  static constexpr std::chrono::milliseconds kShortestPause{500};
  static constexpr std::chrono::milliseconds kLongestPause{5000};

  Connect connect_;
  const Clock& clock_;
  std::chrono::milliseconds pause_;
  // The connection comes and goes on the client's thread, while another may cancel it.
  std::mutex mutex_;
  std::unique_ptr<ServiceConnection> connection_;
  bool is_cancelled_ = false;
};

// Whether the connection is what failed, and another one may do better.
bool is_lost_connection(const Error& error);

}  // namespace holdfast
