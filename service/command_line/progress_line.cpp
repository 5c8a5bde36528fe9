#include "service/command_line/progress_line.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include <fmt/format.h>

#include "common/text.h"

namespace holdfast {
namespace {

constexpr std::chrono::milliseconds kBetweenLines{100};

std::string time_text(std::chrono::seconds time) {
  const auto minutes = time.count() / 60;
  if (minutes >= 60) {
    return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, time.count() % 60);
  }
  return fmt::format("{}:{:02}", minutes, time.count() % 60);
}

}  // namespace

std::string progress_text(std::string_view what, std::uint64_t done, std::uint64_t total,
                          std::chrono::milliseconds elapsed) {
  if (total == 0) return fmt::format("{} ...", what);
  std::string text = fmt::format("{}  {} %  {} of {}", what, done * 100 / total, size_text(done),
                                 size_text(total));
  // Too early to say anything of the speed.
  if (elapsed < std::chrono::milliseconds(300) || done == 0) return text;
  const double rate = static_cast<double>(done) * 1000 / static_cast<double>(elapsed.count());
  const auto left = std::chrono::seconds(std::llround(static_cast<double>(total - done) / rate));
  return text + fmt::format("  {}/s  {} left", size_text(static_cast<std::uint64_t>(rate)),
                            time_text(left));
}

ProgressLine::ProgressLine(std::ostream& terminal, Watched watched)
    : terminal_(terminal), watched_(watched) {}

ProgressLine::~ProgressLine() {
  if (width_ > 0) terminal_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
}

void ProgressLine::show(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (watched_ == Watched::No) return;
  const auto now = Clock::now();
  if (what != what_) {
    what_ = what;
    begin_ = now;
  } else if (now - shown_ < kBetweenLines) {
    return;
  }
  shown_ = now;
  const std::string text = progress_text(
      what, done, total, std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_));
  width_ = std::max(width_, text.size());
  terminal_ << '\r' << text << std::string(width_ - text.size(), ' ') << std::flush;
}

}  // namespace holdfast
