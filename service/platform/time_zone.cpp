#include "service/platform/time_zone.h"

namespace holdfast {

LocalTime local_time(const TimeZone& zone, Time instant) {
  return LocalTime((instant + zone.offset_at(instant)).time_since_epoch());
}

Time first_instant(const TimeZone& zone, LocalTime local) {
  // The clocks of any place are within a day of UTC, so these two lie before and after `local`.
  const Time as_utc(local.time_since_epoch());
  const auto before = zone.offset_at(as_utc - std::chrono::days(1));
  const auto after = zone.offset_at(as_utc + std::chrono::days(1));
  const Time by_before = as_utc - before;
  if (zone.offset_at(by_before) == before) return by_before;
  const Time by_after = as_utc - after;
  if (zone.offset_at(by_after) == after) return by_after;

  // Skipped: at `by_after` the clocks are still to be put forward, at `by_before` they have been.
  Time early = by_after;
  Time late = by_before;
  while (late - early > std::chrono::seconds(1)) {
    const Time middle = early + (late - early) / 2;
    (local_time(zone, middle) < local ? early : late) = middle;
  }
  return late;
}

}  // namespace holdfast
