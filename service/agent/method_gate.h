#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "service/agent/method_rights.h"
#include "service/pipe/dispatcher.h"

namespace holdfast {

// Offers methods so that only those who may call them get to their handlers; others get
// Error(AccessDenied). Whatever is refused for that reason is told, by handlers too.
class MethodGate {
 public:
  struct Parts {
    Dispatcher& dispatcher;
    // The key of the dataset that the caller means by that name.
    std::function<std::string(const std::string& named, const Caller& caller)> dataset_of;
    // The SID of the user whose is the dataset, or the dataset of the run, that these parameters
    // name; empty for the machine's, and for a call that is about none.
    std::function<std::string(const nlohmann::json& params, MethodSubject subject)> owner_of;
    std::function<void(const Caller& caller, std::string_view method, const Error& refusal)>
        on_refusal;
  };

  explicit MethodGate(Parts parts) : parts_(std::move(parts)) {}

  void offer(std::string_view method, Dispatcher::Handler handler);
  void offer_late(std::string_view method, Dispatcher::LateHandler handler);

 private:
  void let_in(const std::string& method, const Dispatcher::LateHandler& handler, const Call& call,
              const Reply& reply) const;
  nlohmann::json meant(const Call& call) const;

  Parts parts_;
};

}  // namespace holdfast
