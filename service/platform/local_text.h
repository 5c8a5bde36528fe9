#pragma once

#include <string>

#include "service/platform/time_zone.h"

namespace holdfast {

// "2026-11-20 10:43", as clocks on the wall show it.
std::string local_text(Time time, const TimeZone& zone);

}  // namespace holdfast
