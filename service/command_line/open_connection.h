#pragma once

#include <chrono>
#include <memory>

#include "common/protocol/service_connection.h"

namespace holdfast {

// How long a command waits for the service's answer.
constexpr std::chrono::seconds kServiceDeadline{5};

// A command's connection to the service. Throws what connect_to_service() does.
std::unique_ptr<ServiceConnection> open_connection(
    std::chrono::milliseconds deadline = kServiceDeadline);

}  // namespace holdfast
