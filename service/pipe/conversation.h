#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/error.h"
#include "common/protocol/json_rpc.h"
#include "service/pipe/caller.h"
#include "service/pipe/dispatcher.h"

namespace holdfast {

enum class AfterAnswer { GoOn, Close };

// What one client has said so far, and what it is answered. No I/O and no clock: whatever bytes
// arrive, the outcome is an answer, never an exception.
//
// Most requests are answered at once, and so in their order; what takes its time is answered when
// it is done, with others answered in between.
class Conversation {
 public:
  // Sends a line, at once or later; may then outlive the conversation.
  using Say = std::function<void(std::string line)>;

  explicit Conversation(const Dispatcher& dispatcher) : dispatcher_(dispatcher) {}

  // `say` is called once for each request, and never for a notification.
  AfterAnswer answer(std::string_view line, const Caller& caller, const Say& say);

  bool has_greeted() const { return greeted_; }
  bool is_subscribed() const { return subscribed_; }

 private:
  AfterAnswer answer_request(const Request& request, const Caller& caller, const Say& say);
  Reply reply_to(const Request& request, const Say& say);
  void carry_out(const Request& request, const Caller& caller, const Reply& reply);
  nlohmann::json hello(const nlohmann::json& params);

  const Dispatcher& dispatcher_;
  bool greeted_ = false;
  bool subscribed_ = false;
  // Requests that are not answered yet; shared with the answers that are still to come.
  std::shared_ptr<int> open_requests_ = std::make_shared<int>(0);
};

}  // namespace holdfast
