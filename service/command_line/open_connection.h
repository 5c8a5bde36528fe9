#pragma once

#include <chrono>
#include <memory>

#include "common/protocol/service_connection.h"

namespace holdfast {

// How long a command waits for the service's answer.
constexpr std::chrono::seconds kServiceDeadline{5};

// Throws Error: ServiceUnreachable, ServiceUntrusted and whatever the service answers to hello.
std::unique_ptr<ServiceConnection> connect_to_service(
    std::chrono::milliseconds deadline = kServiceDeadline);

}  // namespace holdfast
