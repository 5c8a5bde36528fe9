#include "service/agent/method_gate.h"

#include <utility>

#include <fmt/format.h>

#include "service/agent/method_rights.h"

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

void MethodGate::let_in(const std::string& method, const Dispatcher::LateHandler& handler,
                        const Call& call, const Reply& reply) const {
  try {
    const std::string owner = parts_.owner_of(call.params);
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
