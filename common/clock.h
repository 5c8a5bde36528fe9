#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace holdfast {

using Time = std::chrono::sys_seconds;

// The wall clock as something that tests can replace. Pure code takes the time as an argument.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// "2026-11-20T10:43:53Z".
std::string utc_text(Time time);
// Reads what utc_text() writes. Throws std::invalid_argument for anything else.
Time time_from(std::string_view text);

}  // namespace holdfast
