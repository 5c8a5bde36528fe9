#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "common/protocol/service_connection.h"

namespace holdfast {

// Opens the service's pipe, makes sure who serves it, and says hello, with that deadline for each.
// Throws Error: those of open_service_pipe(), and whatever the service answers to hello.
std::unique_ptr<ServiceConnection> connect_to_service(std::string_view client_name,
                                                      std::chrono::milliseconds deadline);

}  // namespace holdfast
