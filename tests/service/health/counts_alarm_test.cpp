#include "service/health/counts_alarm.h"

#include <limits>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using Counts = std::map<std::string, std::int64_t>;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

TEST_CASE("A count that drops by more than the share raises the alarm") {
  struct Row {
    std::int64_t before;
    std::int64_t now;
    int max_drop_percent;
    bool alarm;
  };
  const Row rows[] = {
      {1204, 3, 20, true},     {1000, 800, 20, false},  // just the share
      {1000, 799, 20, true},   {35, 28, 20, false},       {35, 27, 20, true},
      {5, 4, 20, false},       {1, 0, 20, true},          {1000, 1000, 20, false},
      {1000, 2000, 20, false}, {1000, 999, 0, true},      {1000, 1000, 0, false},
      {1000, 0, 100, false},   {1000, 1, 99, true},       {1000, -5, 100, true},
      {0, 0, 20, false},       {0, 7, 20, false},         {-4, -9, 20, false},
      {kMost, 0, 20, true},    {kMost, -kMost, 20, true}, {kMost, kMost, 20, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.before, row.now, row.max_drop_percent);
    const auto drops =
        counts_alarm({{"patients", row.before}}, {{"patients", row.now}}, row.max_drop_percent);
    if (row.alarm) {
      CHECK(drops == std::vector<CountDrop>{{"patients", row.before, row.now}});
    } else {
      CHECK(drops.empty());
    }
  }
}

TEST_CASE("A count that is gone raises the alarm unless it was 0, and a new one never does") {
  CHECK(counts_alarm({{"patients", 7}}, {}) ==
        std::vector<CountDrop>{{"patients", 7, std::nullopt}});
  CHECK(counts_alarm({{"patients", 0}}, {}).empty());
  CHECK(counts_alarm({}, {{"patients", 0}}).empty());
  CHECK(counts_alarm({}, {}).empty());
}

TEST_CASE("The worst drop comes first") {
  const Counts before{{"a", 100}, {"b", 100}, {"c", 1000}, {"d", 5}, {"e", 10}};
  const Counts now{{"a", 70}, {"b", 90}, {"c", 200}, {"d", 1}};
  const std::vector<CountDrop> expected{
      {"e", 10, std::nullopt}, {"c", 1000, 200}, {"d", 5, 1}, {"a", 100, 70}};
  CHECK(counts_alarm(before, now) == expected);
}

}  // namespace
}  // namespace holdfast
