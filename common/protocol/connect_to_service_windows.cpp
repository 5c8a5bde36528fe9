#include <version.h>

#include <string>

#include "common/protocol/messages.h"
#include "common/protocol/open_service_pipe.h"
#include "service/command_line/connect_to_service.h"

namespace holdfast {

std::unique_ptr<ServiceConnection> connect_to_service(std::chrono::milliseconds deadline) {
  FileHandle pipe = open_service_pipe(std::string(kPipeName), deadline);
  return std::make_unique<ServiceConnection>(pipe.release(), "holdfast " HOLDFAST_VERSION,
                                             deadline);
}

}  // namespace holdfast
