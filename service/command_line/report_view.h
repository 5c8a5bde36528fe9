#pragma once

#include <string>

#include "common/clock.h"
#include "service/command_line/style.h"
#include "service/platform/local_text.h"

namespace holdfast {

// When a report is read, by which clocks, and how it looks.
struct ReportView {
  Time now;
  const TimeZone& zone;
  Style style = {};
};

// "1:05" and "2:01:05": how long something took, or is expected to.
std::string span_text(std::chrono::seconds span);

}  // namespace holdfast
