#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "service/command_line/report_view.h"

namespace holdfast {

// What `holdfast preview` prints of what preview_json() tells. A key that is missing or of another
// type throws nlohmann::json::exception, a time that is none std::invalid_argument.
std::string preview_report(const nlohmann::json& preview, const ReportView& view);

}  // namespace holdfast
