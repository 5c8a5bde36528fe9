#pragma once

#include <string>
#include <string_view>

#include "service/platform/time_zone.h"
#include "service/report/report_facts.h"

namespace holdfast {

// Every page begins with this, so that one is told from any other file.
constexpr std::string_view kReportMark = "<!DOCTYPE html>\n<!-- A report made by Holdfast -->\n";

// The report as one page that needs nothing else: no network, no script, no fonts or pictures of
// their own. It reads by day and by night, on paper, and by a screen reader. Each element is
// closed, so that it is well-formed as XML, too. Times are told by the clocks of the zone.
std::string report_page(const ReportFacts& facts, const TimeZone& zone);

}  // namespace holdfast
