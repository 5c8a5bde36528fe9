#pragma once

#include <string>

#include "common/clock.h"

namespace holdfast {

// The date and the time, to the minute, by this computer's clock and the user's habits.
std::string local_time_text(Time time);

}  // namespace holdfast
