#include "common/error.h"
#include "common/protocol/connect_to_service.h"

namespace holdfast {

std::unique_ptr<ServiceConnection> connect_to_service(std::string_view, std::chrono::milliseconds) {
  throw Error(ErrorCode::ServiceUnreachable, "The Holdfast service runs on Windows only.",
              "Ask it there.");
}

}  // namespace holdfast
