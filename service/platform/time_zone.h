#pragma once

#include <chrono>

#include "common/clock.h"

namespace holdfast {

// What a clock on the wall shows.
using LocalTime = std::chrono::local_seconds;

// The rules by which the clocks on the wall are set, as something that tests can replace.
class TimeZone {
 public:
  TimeZone() = default;
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;
  virtual ~TimeZone() = default;

  // How far clocks on the wall are ahead of UTC at an instant, by the rules of that year. Any
  // instant has an answer; the clocks are changed at most once within two days.
  virtual std::chrono::seconds offset_at(Time instant) const = 0;
};

// The zone that this machine is set to now: each call asks the system, so that a change is seen. On
// Windows that is GetDynamicTimeZoneInformation() and GetTimeZoneInformationForYear(), then
// SystemTimeToTzSpecificLocalTime(): together they do what SystemTimeToTzSpecificLocalTimeEx()
// does, which Wine lacks. Throws Error when the system does not tell (SystemCallFailed).
class SystemTimeZone final : public TimeZone {
 public:
  std::chrono::seconds offset_at(Time instant) const override;
};

LocalTime local_time(const TimeZone& zone, Time instant);

// The first instant at which clocks on the wall show `local` or later. A time that is skipped when
// the clocks are put forward gives the instant at which they are; one that comes twice when they
// are put back gives its first.
Time first_instant(const TimeZone& zone, LocalTime local);

}  // namespace holdfast
