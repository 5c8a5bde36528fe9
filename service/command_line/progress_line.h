#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace holdfast {

// Pure: "Reading  45 %  55.0 MB of 122 MB  210 MB/s  0:01 left".
std::string progress_text(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::chrono::milliseconds elapsed);

// A line on the terminal that is written over as the work goes on, and is gone at its end. Says
// nothing where nobody watches.
class ProgressLine {
 public:
  enum class Watched { Yes, No };
  ProgressLine(std::ostream& terminal, Watched watched);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();

  void show(std::string_view what, std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;

  std::ostream& terminal_;
  const Watched watched_;
  std::string what_;
  Clock::time_point begin_;
  Clock::time_point shown_;
  std::size_t width_ = 0;
};

}  // namespace holdfast
