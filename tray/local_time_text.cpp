#include "tray/local_time_text.h"

#include <windows.h>

#include <array>

#include "common/system_time.h"
#include "common/utf16.h"

namespace holdfast {

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
