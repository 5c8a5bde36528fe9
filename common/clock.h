#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

namespace holdfast {

using Time = std::chrono::sys_seconds;

// The passing of time as something that tests can replace. Pure code takes the time as an argument.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual Time now() const = 0;
  // Returns when the time has passed, or within about a second of when `stop` is requested.
  virtual void wait(std::chrono::milliseconds duration, const std::stop_token& stop) const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  void wait(std::chrono::milliseconds duration, const std::stop_token& stop) const override;
};

// Clocks are put right by minutes now and then. What is dated later than this after `now` was
// written while the clock stood wrong, or it stands wrong now: either way the date proves nothing.
constexpr std::chrono::minutes kClockTolerance{5};
bool is_future(Time time, Time now);

// "2026-11-20T10:43:53Z".
std::string utc_text(Time time);
// Reads what utc_text() writes. Throws std::invalid_argument for anything else.
Time time_from(std::string_view text);

}  // namespace holdfast
