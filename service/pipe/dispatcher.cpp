#include "service/pipe/dispatcher.h"

#include <utility>

#include "common/text.h"

namespace holdfast {

void Dispatcher::add(std::string_view method, Handler handler) {
  add_late(method, [handler = std::move(handler)](const Call& call, const Reply& reply) {
    reply.with(handler(call));
  });
}

void Dispatcher::add_late(std::string_view method, LateHandler handler) {
  handlers_.insert_or_assign(std::string(method), std::move(handler));
}

void Dispatcher::dispatch(std::string_view method, const Call& call, const Reply& reply) const {
  const auto found = handlers_.find(method);
  if (found != handlers_.end()) return found->second(call, reply);
  const auto meant = closest(method, methods());
  throw Error(ErrorCode::UnknownMethod, "There is no method \"" + one_line(method, 64) + "\".",
              meant ? "Did you mean \"" + std::string(*meant) + "\"?"
                    : "See the protocol's documentation for the methods of this version.");
}

std::vector<std::string_view> Dispatcher::methods() const {
  std::vector<std::string_view> names;
  names.reserve(handlers_.size());
  for (const auto& [method, handler] : handlers_) names.push_back(method);
  return names;
}

}  // namespace holdfast
