#include "common/clock.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <thread>

#include <fmt/format.h>

namespace holdfast {
namespace {

// Who waits for minutes is not to wake more often than this for nothing.
constexpr std::chrono::seconds kLook{1};

}  // namespace

Time SystemClock::now() const {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

// Looks again and again, because a wait that a stop token wakes can sleep for ever: mingw's
// stop_callback may miss the end of what it waits for.
void SystemClock::wait(std::chrono::milliseconds duration, const std::stop_token& stop) const {
  using namespace std::chrono_literals;
  const auto end = std::chrono::steady_clock::now() + duration;
  while (!stop.stop_requested()) {
    const auto left = end - std::chrono::steady_clock::now();
    if (left <= 0s) return;
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, kLook));
  }
}

bool is_future(Time time, Time now) {
  return time > now + kClockTolerance;
}

std::string utc_text(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

Time time_from(std::string_view text) {
  const auto number = [text](std::size_t place, std::size_t digits) {
    int value = 0;
    const char* const begin = text.data() + place;
    const auto read = std::from_chars(begin, begin + digits, value);
    if (read.ptr != begin + digits) throw std::invalid_argument("not a UTC time");
    return value;
  };
  if (text.size() != 20) throw std::invalid_argument("not a UTC time");
  const std::chrono::year_month_day date{std::chrono::year{number(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  const Time time = std::chrono::sys_days{date} + std::chrono::hours{number(11, 2)} +
                    std::chrono::minutes{number(14, 2)} + std::chrono::seconds{number(17, 2)};
  // Whatever is out of range or wrongly punctuated comes out as another text.
  if (!date.ok() || utc_text(time) != text) throw std::invalid_argument("not a UTC time");
  return time;
}

}  // namespace holdfast
