#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "service/command_line/style.h"

namespace holdfast {

struct ProgressState {
  std::string_view label;  // what it is about, where that is not clear
  std::string_view phase;
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0 when it is not known
  std::chrono::milliseconds elapsed{};
};

// Pure: "reading     [######-------]   45 %  55.0 MB of  122 MB   210 MB/s     0:01 left". Where
// there is less room, the sizes are left out, then the speed, then the bar.
std::string progress_text(const ProgressState& state, std::size_t columns);

// A line on the terminal that is written over as the work goes on, and is gone at its end. Says
// nothing where nobody watches.
class ProgressLine {
 public:
  enum class Watched { Yes, No };
  ProgressLine(std::ostream& terminal, Watched watched, std::size_t columns = kUsualColumns,
               std::string label = "");
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(std::string_view phase, std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& terminal_;
  const Watched watched_;
  const std::size_t columns_;
  const std::string label_;
  std::string phase_;
  Clock::time_point begin_;
  Clock::time_point shown_;
  std::size_t width_ = 0;
};

}  // namespace holdfast
