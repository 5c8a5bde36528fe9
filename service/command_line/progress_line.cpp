#include "service/command_line/progress_line.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/command_line/display_width.h"
#include "service/command_line/report_view.h"
#include "service/command_line/text_layout.h"

namespace holdfast {
namespace {

constexpr std::chrono::milliseconds kBetweenLines{100};
// In seconds: an ETA beyond this says nothing.
constexpr double kLongestLeft = 99 * 3600;
// Earlier than this nothing can be said of the speed.
constexpr std::chrono::milliseconds kFirstRate{300};
// The longest name of a phase, so that the bar does not move from one to the next.
constexpr std::size_t kPhaseColumns = 10;
constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestBar = 10;
constexpr std::size_t kWidestBar = 30;

std::string heading(const ProgressState& state) {
  return state.label.empty() ? std::string(state.phase)
                             : fmt::format("{} {}", state.label, state.phase);
}

std::string percent_part(const ProgressState& state) {
  const double share =
      static_cast<double>(std::min(state.done, state.total)) / static_cast<double>(state.total);
  return fmt::format("  {:>3} %", static_cast<int>(100 * share));
}

std::string sizes_part(const ProgressState& state) {
  return fmt::format("  {:>7} of {:>7}", size_text(std::min(state.done, state.total)),
                     size_text(state.total));
}

// As wide before the speed is known, so that the bar keeps its length.
std::string speed_part(const ProgressState& state) {
  const std::uint64_t done = std::min(state.done, state.total);
  if (state.elapsed < kFirstRate || done == 0) {
    return std::string(std::string_view("  1.00 KB/s  1:00:00 left").size(), ' ');
  }
  const double rate = static_cast<double>(done) * 1000 / static_cast<double>(state.elapsed.count());
  const double left = std::min(static_cast<double>(state.total - done) / rate, kLongestLeft);
  return fmt::format("  {:>7}/s  {:>7} left", size_text(static_cast<std::uint64_t>(rate)),
                     span_text(std::chrono::seconds(std::llround(left))));
}

std::string bar_text(const ProgressState& state, std::size_t columns) {
  const std::size_t inside = columns - 2;
  const double share =
      static_cast<double>(std::min(state.done, state.total)) / static_cast<double>(state.total);
  const auto full = static_cast<std::size_t>(share * static_cast<double>(inside));
  return '[' + std::string(full, '#') + std::string(inside - full, '-') + ']';
}

std::string unknown_total_text(const ProgressState& state) {
  std::string text = heading(state) + " ...";
  if (state.done > 0) text += "  " + size_text(state.done);
  if (state.elapsed >= std::chrono::seconds(1)) {
    text += "  " + span_text(std::chrono::floor<std::chrono::seconds>(state.elapsed));
  }
  return text;
}

std::string without_blanks_at_end(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string cut(const std::string& text, std::size_t columns) {
  std::string shorter = text;
  for (std::size_t bytes = text.size(); display_width(shorter) > columns && bytes > 0; --bytes) {
    shorter = one_line(text, bytes - std::min<std::size_t>(bytes, 1));
  }
  return shorter;
}

}  // namespace

std::string progress_text(const ProgressState& state, std::size_t columns) {
  if (state.total == 0) return cut(unknown_total_text(state), columns);
  const std::string text = padded(heading(state), kPhaseColumns);
  const std::size_t width = display_width(text);
  const std::string percent = percent_part(state);
  const std::string speed = speed_part(state);
  for (const std::string& behind : {fmt::format("{}{}{}", percent, sizes_part(state), speed),
                                    fmt::format("{}{}", percent, speed), percent}) {
    const std::size_t taken = width + kGap + behind.size();
    if (taken + kNarrowestBar > columns) continue;
    const std::string bar = bar_text(state, std::min(columns - taken, kWidestBar));
    return without_blanks_at_end(fmt::format("{}{:{}}{}{}", text, "", kGap, bar, behind));
  }
  return cut(text + percent, columns);
}

ProgressLine::ProgressLine(std::ostream& terminal, Watched watched, std::size_t columns,
                           std::string label)
    : terminal_(terminal), watched_(watched), columns_(columns), label_(std::move(label)) {}

ProgressLine::~ProgressLine() {
  if (width_ > 0) terminal_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
}

void ProgressLine::show(std::string_view phase, std::uint64_t done, std::uint64_t total) {
  if (watched_ == Watched::No) return;
  const auto now = Clock::now();
  if (phase != phase_) {
    phase_ = phase;
    begin_ = now;
  } else if (now - shown_ < kBetweenLines) {
    return;
  }
  shown_ = now;
  const std::string safe_phase = one_line(phase);
  const std::string text = progress_text(
      {.label = label_,
       .phase = safe_phase,
       .done = done,
       .total = total,
       .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin_)},
      columns_);
  width_ = std::max(width_, display_width(text));
  terminal_ << '\r' << padded(text, width_) << std::flush;
}

}  // namespace holdfast
