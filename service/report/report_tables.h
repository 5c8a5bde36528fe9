#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/platform/time_zone.h"
#include "service/report/report_facts.h"

namespace holdfast {

// What a page has of names from outside.
constexpr std::size_t kMostNameBytes = 200;

bool has_failed(const ReportRun& run);

// "2026-11-20 10:43 (3 hours ago)".
std::string time_markup(const std::optional<Time>& time, Time now, const TimeZone& zone,
                        std::string_view otherwise);

// How much each computer's archives take; nothing where there are none.
std::string storage_table(const ReportDataset& dataset, Time now, const TimeZone& zone);

// The failures with their sentences, those in a row taken together; or that there were none.
std::string failures_table(const ReportDataset& dataset, Time now, const TimeZone& zone);

}  // namespace holdfast
