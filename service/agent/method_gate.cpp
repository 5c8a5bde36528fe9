#include "service/agent/method_gate.h"

#include <utility>

#include <fmt/format.h>

namespace holdfast {

void MethodGate::offer(std::string_view method, Dispatcher::Handler handler) {
  offer_late(method, [handler = std::move(handler)](const Call& call, const Reply& reply) {
    reply.with(handler(call));
  });
}

void MethodGate::offer_late(std::string_view method, Dispatcher::LateHandler handler) {
  parts_.dispatcher.add_late(
      method, [this, name = std::string(method), handler = std::move(handler)](
                  const Call& call, const Reply& reply) { let_in(name, handler, call, reply); });
}

// With the key of the dataset that is meant.
nlohmann::json MethodGate::meant(const Call& call) const {
  nlohmann::json params = call.params;
  const auto dataset = params.is_object() ? params.find("dataset") : params.end();
  if (dataset != params.end() && dataset->is_string()) {
    *dataset = parts_.dataset_of(dataset->get<std::string>(), call.caller);
  }
  return params;
}

void MethodGate::let_in(const std::string& method, const Dispatcher::LateHandler& handler,
                        const Call& asked, const Reply& reply) const {
  const nlohmann::json params = meant(asked);
  const Call call{.params = params, .caller = asked.caller};
  try {
    const std::string owner = parts_.owner_of(call.params, subject_of(method));
    if (!may_call(method, call.caller, owner)) {
      throw Error(
          ErrorCode::AccessDenied,
          owner.empty()
              ? fmt::format("\"{}\" is for administrators.", method)
              : fmt::format("\"{}\" on another user's dataset is for administrators.", method),
          "Open the console as an administrator and try again.");
    }
    handler(call, reply);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::AccessDenied) parts_.on_refusal(call.caller, method, error);
    throw;
  }
}

}  // namespace holdfast
