#pragma once

#include <string>
#include <vector>

#include "service/platform/time_zone.h"
#include "service/report/chart.h"

namespace holdfast {

// "20 MB", "1.5 h": a value as an axis tells it.
std::string value_text(double value, ChartUnit unit);

// Round values from 0 up to the first that is not less than `highest`: two at least, six at most.
std::vector<double> value_ticks(double highest, ChartUnit unit);

struct TimeTick {
  Time at;
  std::string text;  // "20 Nov", or "18:00" where a chart spans two days at most
};

// Round times on the clocks of the zone: eight at most, each within the span.
std::vector<TimeTick> time_ticks(const ChartSpan& span, const TimeZone& zone);

}  // namespace holdfast
