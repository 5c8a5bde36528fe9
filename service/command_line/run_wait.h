#pragma once

#include <stop_token>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/progress_line.h"

namespace holdfast {

// Waits for a run of the service, and shows how far it is; its report at the end, or as it is when
// `stop` is requested. The connection must have subscribed. The end comes as an answer, and how far
// the run is by the way.
nlohmann::json wait_for_run(ServiceConnection& service, const nlohmann::json& run,
                            ProgressLine& line, const std::stop_token& stop);

// Of such a report.
bool has_ended(const nlohmann::json& report);

}  // namespace holdfast
