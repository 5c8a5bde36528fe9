#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/protocol/json_rpc.h"
#include "common/protocol/line_buffer.h"
#include "common/protocol/native_pipe.h"

namespace holdfast {

// A client's conversation with the service over a pipe that is already open. Used by one thread;
// only cancel() may be called from any other.
//
// Every wait has a deadline. Failures are Errors: ServiceUnreachable when the pipe is gone,
// TimedOut, or whatever the service answered. After one of the first two the connection is dead:
// make a new one.
class ServiceConnection {
 public:
  using Milliseconds = std::chrono::milliseconds;

  // Takes over the open pipe and says hello.
  ServiceConnection(NativePipe pipe, std::string_view client_name, Milliseconds deadline);
  ServiceConnection(const ServiceConnection&) = delete;
  ServiceConnection& operator=(const ServiceConnection&) = delete;
  ~ServiceConnection();

  nlohmann::json call(std::string_view method, const nlohmann::json& params, Milliseconds deadline);

  // The same in two steps, for what the service answers later: several may be open, and other calls
  // made meanwhile. answer() gives nothing when none came in time.
  std::uint64_t send(std::string_view method, const nlohmann::json& params, Milliseconds deadline);
  std::optional<nlohmann::json> answer(std::uint64_t request, Milliseconds deadline);

  // The next message that the service sent by itself, or nothing when none came in time or
  // cancel() was called.
  std::optional<Notification> next_notification(Milliseconds deadline);

  // Ends the wait under way, and every later one, at once.
  void cancel();

 private:
  template <typename Done>
  bool run_until(std::chrono::steady_clock::time_point deadline, Done done);
  void read_more();
  void take(std::string_view bytes);
  [[noreturn]] void give_up(std::string_view method);

  struct Pipe;
  std::unique_ptr<Pipe> pipe_;
  LineBuffer incoming_;
  std::map<std::uint64_t, Response> responses_;
  std::deque<Notification> notifications_;
  std::optional<Error> broken_;
  bool cancelled_ = false;
  std::uint64_t last_id_ = 0;
};

}  // namespace holdfast
