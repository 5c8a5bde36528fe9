#include <windows.h>

#include <algorithm>

#include "common/system_time.h"
#include "common/windows_error.h"
#include "service/platform/time_zone.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

// What Windows can tell the local time of. No backup lies outside.
constexpr Time kEarliest = std::chrono::sys_days(1970y / 1 / 1);
constexpr Time kLatest = std::chrono::sys_days(9999y / 1 / 1);

Time time_of(const SYSTEMTIME& time) {
  const std::chrono::year_month_day date{
      std::chrono::year(time.wYear), std::chrono::month(time.wMonth), std::chrono::day(time.wDay)};
  return std::chrono::sys_days(date) + std::chrono::hours(time.wHour) +
         std::chrono::minutes(time.wMinute) + std::chrono::seconds(time.wSecond);
}

void require(bool done) {
  if (done) return;
  throw windows_error("Cannot tell the computer's local time", ::GetLastError(),
                      "Check the computer's time zone.");
}

// The rules of the year, or, for a zone that the registry has no years of, those of this year.
TIME_ZONE_INFORMATION rules_of(WORD year, DYNAMIC_TIME_ZONE_INFORMATION& zone) {
  TIME_ZONE_INFORMATION rules{};
  if (::GetTimeZoneInformationForYear(year, &zone, &rules)) return rules;
  rules.Bias = zone.Bias;
  rules.StandardDate = zone.StandardDate;
  rules.StandardBias = zone.StandardBias;
  rules.DaylightDate = zone.DaylightDate;
  rules.DaylightBias = zone.DaylightBias;
  return rules;
}

}  // namespace

std::chrono::seconds SystemTimeZone::offset_at(Time instant) const {
  const Time asked = std::clamp(instant, kEarliest, kLatest);
  DYNAMIC_TIME_ZONE_INFORMATION zone{};
  require(::GetDynamicTimeZoneInformation(&zone) != TIME_ZONE_ID_INVALID);
  // The rules are those of the year that local clocks show.
  const SYSTEMTIME standard = system_time(asked - std::chrono::minutes(zone.Bias));
  const TIME_ZONE_INFORMATION rules = rules_of(standard.wYear, zone);
  const SYSTEMTIME utc = system_time(asked);
  SYSTEMTIME local{};
  require(::SystemTimeToTzSpecificLocalTime(&rules, &utc, &local) != FALSE);
  return time_of(local) - asked;
}

}  // namespace holdfast
