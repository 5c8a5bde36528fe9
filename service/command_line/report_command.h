#pragma once

#include <filesystem>

#include <nlohmann/json_fwd.hpp>

#include "common/protocol/service_connection.h"
#include "service/command_line/command.h"
#include "service/report/report_facts.h"

namespace holdfast {

Command report_command();

// What the service tells for a report, however many pages that takes.
ReportFacts report_facts(ServiceConnection& service, Time now);

// What is told of a report that was written.
nlohmann::json written_json(const ReportFacts& facts, const std::filesystem::path& file,
                            std::size_t bytes);

}  // namespace holdfast
