#pragma once

#include <string>
#include <string_view>

#include "common/error.h"
#include "common/protocol/json_rpc.h"
#include "service/pipe/caller.h"
#include "service/pipe/dispatcher.h"

namespace holdfast {

enum class AfterAnswer { GoOn, Close };

struct Answer {
  std::string line;  // empty: nothing is said
  AfterAnswer next = AfterAnswer::GoOn;
};

// What one client has said so far, and what it is answered. No I/O and no clock: whatever bytes
// arrive, the outcome is an answer, never an exception.
class Conversation {
 public:
  explicit Conversation(const Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  Answer answer(std::string_view line, const Caller& caller);

  bool has_greeted() const { return greeted_; }
  bool is_subscribed() const { return subscribed_; }

 private:
  Answer answer_request(const Request& request, const Caller& caller);
  nlohmann::json result_of(const Request& request, const Caller& caller);
  nlohmann::json hello(const nlohmann::json& params);

  const Dispatcher& dispatcher_;
  bool greeted_ = false;
  bool subscribed_ = false;
};

}  // namespace holdfast
