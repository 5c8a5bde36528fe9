#include <string>

#include "common/protocol/connect_to_service.h"
#include "common/protocol/messages.h"
#include "common/protocol/open_service_pipe.h"

namespace holdfast {

std::unique_ptr<ServiceConnection> connect_to_service(std::string_view client_name,
                                                      std::chrono::milliseconds deadline) {
  FileHandle pipe = open_service_pipe(std::string(kPipeName), deadline);
  return std::make_unique<ServiceConnection>(pipe.release(), client_name, deadline);
}

}  // namespace holdfast
