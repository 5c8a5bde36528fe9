#pragma once

#include <span>
#include <string_view>

#include "service/pipe/dispatcher.h"

namespace holdfast {

// Who may call a method. The table is that of docs/attack_surface.md.
enum class Right {
  Anybody,        // whom the pipe lets in: interactive users
  Administrator,  // elevated
};

struct MethodRight {
  std::string_view method;
  Right right = Right::Administrator;
};
std::span<const MethodRight> method_rights();

// What the table does not name is for administrators.
Right right_to_call(std::string_view method);

// Adds the method so that only those who may call it get to its handler; others get
// Error(AccessDenied).
void offer(Dispatcher& dispatcher, std::string_view method, Dispatcher::Handler handler);

}  // namespace holdfast
