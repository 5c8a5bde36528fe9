#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/command.h"

namespace holdfast {

Command history_command();

// The runs that the request is about, up to the limit, however many pages that takes; the other
// keys are those of the last page.
nlohmann::json runs_of_pages(ServiceConnection& service, nlohmann::json request, int limit);

}  // namespace holdfast
