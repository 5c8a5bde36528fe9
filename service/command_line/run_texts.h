#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "service/command_line/report_view.h"

namespace holdfast {

// What the service tells of runs and archives, in words. The answers come from outside: a key that
// is missing or of another type throws nlohmann::json::exception, a time that is none
// std::invalid_argument.

// A run that has ended, as backup.run reports it: one line where it goes to a log.
std::string run_line(const nlohmann::json& report);
// The same of one that left a verified archive, as a report.
std::string verified_report(const nlohmann::json& report, const Style& style);
// The same of a restore and of a drill that came to their good end.
std::string restored_report(const nlohmann::json& report, const Style& style);
std::string drilled_report(const nlohmann::json& report, const Style& style);
// Whether it came to its good end: a verified archive, a checked restore.
bool is_verified(const nlohmann::json& report);
// The runs of the answer to history, the newest first.
std::string history_report(const nlohmann::json& answer, const ReportView& view);
// The archives of the answer to archive.list.
std::string archives_report(const nlohmann::json& answer, const ReportView& view);
// The answer to counts.accept.
std::string acceptance_report(const nlohmann::json& answer, const Style& style);
// The archives of the answer to retention.preview, and how many stay and go.
std::string retention_report(const nlohmann::json& answer, const Style& style);

}  // namespace holdfast
