#include "tray/local_time_text.h"

#include <windows.h>

#include <array>

#include "common/utf16.h"

namespace holdfast {
namespace {

using std::chrono::sys_days;

SYSTEMTIME system_time(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return {.wYear = static_cast<WORD>(static_cast<int>(date.year())),
          .wMonth = static_cast<WORD>(static_cast<unsigned>(date.month())),
          .wDay = static_cast<WORD>(static_cast<unsigned>(date.day())),
          .wHour = static_cast<WORD>(clock.hours().count()),
          .wMinute = static_cast<WORD>(clock.minutes().count()),
          .wSecond = static_cast<WORD>(clock.seconds().count())};
}

}  // namespace

std::string local_time_text(Time time) {
  const SYSTEMTIME utc = system_time(time);
  TIME_ZONE_INFORMATION zone{};
  SYSTEMTIME local{};
  // The rules of that year, as they may have been others.
  const bool is_known = ::GetTimeZoneInformationForYear(utc.wYear, nullptr, &zone) != FALSE;
  if (!::SystemTimeToTzSpecificLocalTime(is_known ? &zone : nullptr, &utc, &local)) {
    return utc_text(time);
  }
  std::array<wchar_t, 80> date{};
  std::array<wchar_t, 80> clock{};
  ::GetDateFormatEx(LOCALE_NAME_USER_DEFAULT, DATE_SHORTDATE, &local, nullptr, date.data(),
                    static_cast<int>(date.size()), nullptr);
  ::GetTimeFormatEx(LOCALE_NAME_USER_DEFAULT, TIME_NOSECONDS, &local, nullptr, clock.data(),
                    static_cast<int>(clock.size()));
  return to_utf8(date.data()) + " " + to_utf8(clock.data());
}

}  // namespace holdfast
