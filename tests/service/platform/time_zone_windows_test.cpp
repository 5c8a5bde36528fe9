#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/time_zone.h"

namespace holdfast {
namespace {

TEST_CASE("The system's time zone shows the time that the clock of the system shows") {
  SYSTEMTIME before{};
  SYSTEMTIME after{};
  LocalTime shown;
  do {
    ::GetLocalTime(&before);
    shown = local_time(SystemTimeZone(), SystemClock().now());
    ::GetLocalTime(&after);
  } while (before.wSecond != after.wSecond);
  const auto day = std::chrono::floor<std::chrono::days>(shown);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{shown - day};
  CHECK(static_cast<int>(date.year()) == before.wYear);
  CHECK(static_cast<unsigned>(date.month()) == before.wMonth);
  CHECK(static_cast<unsigned>(date.day()) == before.wDay);
  CHECK(clock.hours().count() == before.wHour);
  CHECK(clock.minutes().count() == before.wMinute);
}

TEST_CASE("The system's time zone answers for every time that an archive's name can bear") {
  const SystemTimeZone zone;
  for (const auto* const text :
       {"0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00Z",
        "2100-07-01T12:00:00Z", "9999-12-31T23:59:59Z"}) {
    CAPTURE(text);
    const auto offset = zone.offset_at(time_from(text));
    CHECK(std::chrono::abs(offset) <= std::chrono::hours(26));
  }
}

}  // namespace
}  // namespace holdfast
