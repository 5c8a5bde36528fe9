#include "tests/support/fake_time_zone.h"

#include <algorithm>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::Sunday;

// Twice a year, on a Sunday at a time of UTC's day that the Sunday begins with.
struct Rule {
  std::chrono::month month;
  unsigned sunday;  // the first, second...; 0 is the last
  std::chrono::seconds from_midnight;
  std::chrono::seconds offset;
};

Time change_in(std::chrono::year year, const Rule& rule) {
  const auto month = year / rule.month;
  const std::chrono::sys_days day = rule.sunday == 0
                                        ? std::chrono::sys_days(month / Sunday[std::chrono::last])
                                        : std::chrono::sys_days(month / Sunday[rule.sunday]);
  return day + rule.from_midnight;
}

FakeTimeZone yearly(std::chrono::seconds at_new_year, const Rule& first, const Rule& second) {
  std::vector<FakeTimeZone::Change> changes;
  for (auto year = 1990y; year < 2070y; ++year) {
    changes.push_back({change_in(year, first), first.offset});
    changes.push_back({change_in(year, second), second.offset});
  }
  return FakeTimeZone(at_new_year, std::move(changes));
}

}  // namespace

std::chrono::seconds FakeTimeZone::offset_at(Time instant) const {
  const auto later =
      std::upper_bound(changes_.begin(), changes_.end(), instant,
                       [](Time time, const Change& change) { return time < change.at; });
  return later == changes_.begin() ? offset_ : std::prev(later)->offset;
}

FakeTimeZone berlin() {
  return yearly(1h, {std::chrono::March, 0, 1h, 2h}, {std::chrono::October, 0, 1h, 1h});
}

FakeTimeZone sydney() {
  return yearly(11h, {std::chrono::April, 1, -8h, 10h}, {std::chrono::October, 1, -8h, 11h});
}

FakeTimeZone new_york() {
  return yearly(-5h, {std::chrono::March, 2, 7h, -4h}, {std::chrono::November, 1, 6h, -5h});
}

FakeTimeZone lord_howe() {
  return yearly(11h, {std::chrono::April, 1, -9h, 10h + 30min},
                {std::chrono::October, 1, -8h - 30min, 11h});
}

FakeTimeZone samoa() {
  return FakeTimeZone(-10h, {{time_from("2011-12-30T10:00:00Z"), 14h}});
}

}  // namespace holdfast
