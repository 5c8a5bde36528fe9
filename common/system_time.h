#pragma once

#include <windows.h>

#include "common/clock.h"

namespace holdfast {

// The time in UTC, as Windows takes it; no more exact than a second.
SYSTEMTIME system_time(Time time);

}  // namespace holdfast
