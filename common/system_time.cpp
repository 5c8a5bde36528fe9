#include "common/system_time.h"

#include <chrono>

namespace holdfast {

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

}  // namespace holdfast
