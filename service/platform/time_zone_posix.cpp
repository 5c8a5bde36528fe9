#include <time.h>

#include "common/error.h"
#include "service/platform/time_zone.h"

namespace holdfast {

std::chrono::seconds SystemTimeZone::offset_at(Time instant) const {
  ::tzset();
  const time_t seconds = instant.time_since_epoch().count();
  tm local{};
  if (::localtime_r(&seconds, &local) == nullptr) {
    throw Error(ErrorCode::SystemCallFailed,
                "Cannot tell the local time at " + utc_text(instant) + ".",
                "Check the computer's time zone.");
  }
  return std::chrono::seconds(local.tm_gmtoff);
}

}  // namespace holdfast
