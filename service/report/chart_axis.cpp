#include "service/report/chart_axis.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "common/text.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

constexpr double kMostSteps = 5;
constexpr auto kMostTimes = 7;

constexpr double kMinute = 60;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

// Steps that people count time in; above them whole powers of ten of days.
constexpr std::array<double, 20> kSecondSteps{
    1,        2,           5,           10,           30,
    kMinute,  2 * kMinute, 5 * kMinute, 10 * kMinute, 30 * kMinute,
    kHour,    2 * kHour,   6 * kHour,   12 * kHour,   kDay,
    2 * kDay, 7 * kDay,    14 * kDay,   30 * kDay,    90 * kDay};

double decimal_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10 * power;
}

double step_of(double highest, ChartUnit unit) {
  const double least = std::max(highest / kMostSteps, 1.0);
  if (unit == ChartUnit::Bytes) return decimal_step(least);
  const auto* const found = std::ranges::lower_bound(kSecondSteps, least);
  return found != kSecondSteps.end() ? *found : kDay * decimal_step(least / kDay);
}

std::string plain(double value, std::string_view unit) {
  const double tenths = std::round(value * 10) / 10;
  return tenths == std::floor(tenths) ? fmt::format("{:.0f} {}", tenths, unit)
                                      : fmt::format("{:.1f} {}", tenths, unit);
}

// "20.0 MB" is as exact as text needs; an axis wants "20 MB".
std::string without_zeros(std::string size) {
  const std::size_t blank = size.find(' ');
  const std::size_t point = size.find('.');
  if (point == std::string::npos || point > blank) return size;
  std::size_t end = size.find_last_not_of('0', blank - 1);
  if (end != point) ++end;
  return size.erase(end, blank - end);
}

seconds time_step(seconds span) {
  constexpr std::array<seconds, 12> kSteps{1h,       2h,       6h,       12h,
                                           days(1),  days(2),  days(7),  days(14),
                                           days(30), days(61), days(91), days(365)};
  const auto* const found =
      std::ranges::find_if(kSteps, [span](seconds step) { return span / step < kMostTimes; });
  return found == kSteps.end() ? kSteps.back() : *found;
}

std::string tick_text(LocalTime local, bool is_short) {
  const auto day = std::chrono::floor<days>(local);
  if (is_short && local != LocalTime(day)) {
    return fmt::format("{:02}:00", std::chrono::floor<std::chrono::hours>(local - day).count());
  }
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::year_month_day date(day);
  return fmt::format("{} {}", static_cast<unsigned>(date.day()),
                     kMonths.at(static_cast<unsigned>(date.month()) - 1));
}

}  // namespace

std::string value_text(double value, ChartUnit unit) {
  if (unit == ChartUnit::Bytes) {
    return value < 1 ? "0" : without_zeros(size_text(static_cast<std::uint64_t>(value)));
  }
  if (value < 1) return "0";
  if (value < kMinute) return plain(value, "s");
  if (value < kHour) return plain(value / kMinute, "min");
  if (value < 2 * kDay) return plain(value / kHour, "h");
  return plain(value / kDay, "days");
}

std::vector<double> value_ticks(double highest, ChartUnit unit) {
  const double step = step_of(highest, unit);
  std::vector<double> ticks{0, step};
  while (ticks.back() < highest) ticks.push_back(ticks.back() + step);
  return ticks;
}

std::vector<TimeTick> time_ticks(const ChartSpan& span, const TimeZone& zone) {
  const seconds step = time_step(span.end - span.begin);
  const LocalTime first = std::chrono::floor<days>(local_time(zone, span.begin));
  std::vector<TimeTick> ticks;
  for (LocalTime local = first;; local += step) {
    const Time at = first_instant(zone, local);
    if (at > span.end) return ticks;
    if (at >= span.begin) ticks.push_back({at, tick_text(local, step < days(1))});
  }
}

}  // namespace holdfast
