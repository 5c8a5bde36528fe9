#include "tray/service_link.h"

#include <version.h>

#include <chrono>

#include "common/protocol/connect_to_service.h"

namespace holdfast {
namespace {

constexpr std::chrono::seconds kConnectDeadline{2};

}  // namespace

std::unique_ptr<ServiceConnection> open_tray_connection() {
  return connect_to_service("holdfast-tray " HOLDFAST_VERSION, kConnectDeadline);
}

}  // namespace holdfast
