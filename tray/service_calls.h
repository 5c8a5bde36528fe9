#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/clock.h"
#include "common/error.h"
#include "common/protocol/service_client.h"
#include "tray/inbox.h"

namespace holdfast {

// What came of a call: the result, or why there is none.
struct CallOutcome {
  nlohmann::json result;
  std::optional<Error> failure;
};

// The tray's questions to the service, asked on a thread of their own: many may be open, and one
// that takes hours keeps none of the others waiting. A connection that was lost fails what was open
// on it; the next question makes another.
//
// ask(), forget() and deliver() never wait for the service. They belong to one thread, the
// window's, and so do the calls of `then`.
class ServiceCalls {
 public:
  using Then = std::function<void(const CallOutcome&)>;
  using Milliseconds = std::chrono::milliseconds;

  // For what is answered at once, and for what is answered when it is done.
  static constexpr Milliseconds kSoon{std::chrono::seconds(15)};
  static constexpr Milliseconds kWhenDone{std::chrono::hours(24)};

  // `on_outcome` is called on the calls' own thread when deliver() has something to do.
  ServiceCalls(ServiceClient::Connect connect, std::function<void()> on_outcome);
  ServiceCalls(const ServiceCalls&) = delete;
  ServiceCalls& operator=(const ServiceCalls&) = delete;
  ~ServiceCalls();

  void ask(const void* asker, std::string_view method, nlohmann::json params, Then then,
           Milliseconds deadline = kSoon);
  // What this one asked is carried out all the same, and told nobody.
  void forget(const void* asker);
  // Calls `then` of what was answered.
  void deliver();

 private:
  struct Question {
    std::uint64_t number = 0;
    std::string method;
    nlohmann::json params;
    Milliseconds deadline{};
  };
  struct OpenQuestion {
    std::uint64_t number = 0;
    std::uint64_t request = 0;
    std::string method;
    std::chrono::steady_clock::time_point end;
  };
  struct Answer {
    std::uint64_t number = 0;
    CallOutcome outcome;
  };
  struct Waiting {
    const void* asker = nullptr;
    Then then;
  };

  void run(const std::stop_token& stop) noexcept;
  bool wait_for_work();
  void work(const std::stop_token& stop);
  ServiceConnection& living_connection(const std::stop_token& stop);
  void send_what_was_asked(const std::stop_token& stop);
  void take_answers(ServiceConnection& service);
  void finish(std::uint64_t number, CallOutcome outcome);
  void fail_all(const Error& failure);

  std::function<void()> on_outcome_;
  SystemClock clock_;
  ServiceClient client_;
  std::map<std::uint64_t, Waiting> waiting_;  // of the window's thread
  std::uint64_t last_number_ = 0;             // of the window's thread
  std::vector<OpenQuestion> open_;            // of the calls' own thread
  Inbox<Answer> answers_;

  // What was asked passes from the window's thread to the other one, which sleeps until then.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Question> asked_;
  bool stopping_ = false;
  // Declared last: it starts when all else is there and is joined before anything goes.
  std::jthread thread_;
};

}  // namespace holdfast
