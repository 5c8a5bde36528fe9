#include "common/relative_time.h"

#include <fmt/format.h>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

template <typename Unit>
std::string whole(std::chrono::seconds duration, const char* unit) {
  const auto count = std::chrono::floor<Unit>(duration).count();
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

}  // namespace

std::string duration_text(std::chrono::seconds duration) {
  if (duration < 1min) return "less than a minute";
  if (duration < 1h) return whole<std::chrono::minutes>(duration, "minute");
  if (duration < std::chrono::days(2)) return whole<std::chrono::hours>(duration, "hour");
  if (duration < std::chrono::weeks(2)) return whole<std::chrono::days>(duration, "day");
  return whole<std::chrono::weeks>(duration, "week");
}

std::string ago_text(Time then, Time now) {
  if (is_future(then, now)) return "in the future";
  if (now - then < 1min) return "just now";
  return duration_text(now - then) + " ago";
}

std::string until_text(Time then, Time now) {
  if (then - now < 1min) return "now";
  return "in " + duration_text(then - now);
}

}  // namespace holdfast
