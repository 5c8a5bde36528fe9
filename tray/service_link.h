#pragma once

#include <memory>

#include "common/protocol/service_connection.h"

namespace holdfast {

// A connection of the tray's to the service. Throws what connect_to_service() throws.
std::unique_ptr<ServiceConnection> open_tray_connection();

}  // namespace holdfast
