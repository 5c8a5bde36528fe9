#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/report/chart.h"
#include "service/report/report_facts.h"

namespace holdfast {

// No chart goes further back: a date that a wrong clock has written long ago would leave nothing
// to see of all others.
constexpr std::chrono::days kLongestSpan{400};

// The dataset's charts, in the order in which a page shows them, all of one span: the size of its
// archives, how long backups took, how old the newest one was, and the drills. What is dated in
// the future, or ended before it began, is not drawn. `prefix` begins their ids.
std::vector<Chart> dataset_charts(const ReportDataset& dataset, std::string_view host, Time now,
                                  const std::string& prefix);

// How many runs and archives have dates that cannot be right.
std::size_t misdated(const ReportDataset& dataset, Time now);

}  // namespace holdfast
