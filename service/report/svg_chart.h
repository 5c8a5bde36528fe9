#pragma once

#include <string>

#include "service/platform/time_zone.h"
#include "service/report/chart.h"

namespace holdfast {

// The chart as an SVG element to stand in a page, with its title and its summary for who cannot
// see it. However many points there are, what is drawn is bounded, and shows the extremes and all
// trouble. Colours come from the page's classes.
std::string svg_chart(const Chart& chart, const TimeZone& zone);

// A part of a whole, from 0 to 1, as a small bar.
std::string svg_share(double share);

}  // namespace holdfast
