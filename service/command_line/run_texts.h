#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "service/command_line/exit_code.h"

namespace holdfast {

// What the service tells of runs and archives, in words. The answers come from outside: a key that
// is missing or of another type throws nlohmann::json::exception.

// One line for a run that has ended, as backup.run reports it.
std::string run_line(const nlohmann::json& report);
// Whether it left a verified archive behind.
bool is_verified(const nlohmann::json& report);
// A line for each run, the newest first, of the answer to history.
std::string history_report(const nlohmann::json& answer);
// One line for the answer to counts.accept.
std::string acceptance_report(const nlohmann::json& answer);
// A line for each archive of the answer to retention.preview.
std::string retention_report(const nlohmann::json& answer);

}  // namespace holdfast
