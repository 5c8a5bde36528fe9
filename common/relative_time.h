#pragma once

#include <chrono>
#include <string>

#include "common/clock.h"

namespace holdfast {

// Times as people say them. All round down to whole units: minutes below an hour, hours below two
// days, days below two weeks, then weeks, so that no text hides more than half of an age.

// "3 hours"; "less than a minute", for a negative duration too.
std::string duration_text(std::chrono::seconds duration);

// "3 hours ago", "just now". A time that is_future() is "in the future".
std::string ago_text(Time then, Time now);

// "in 3 hours"; "now" for what is less than a minute away or past.
std::string until_text(Time then, Time now);

}  // namespace holdfast
