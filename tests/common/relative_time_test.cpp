#include "common/relative_time.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
using std::chrono::weeks;

const Time kNow = time_from("2026-11-20T10:43:53Z");

TEST_CASE("Times are told as people say them") {
  struct Row {
    seconds ago;
    std::string_view text;
  };
  const Row rows[] = {
      {seconds(0), "just now"},
      {seconds(59), "just now"},
      {1min, "1 minute ago"},
      {119s, "1 minute ago"},
      {2min, "2 minutes ago"},
      {59min + 59s, "59 minutes ago"},
      {1h, "1 hour ago"},
      {119min, "1 hour ago"},
      {2h, "2 hours ago"},
      {24h, "24 hours ago"},
      {days(2) - 1s, "47 hours ago"},
      {days(2), "2 days ago"},
      {days(3) - 1s, "2 days ago"},
      {days(14) - 1s, "13 days ago"},
      {days(14), "2 weeks ago"},
      {days(20), "2 weeks ago"},
      {weeks(60), "60 weeks ago"},
      {-1s, "just now"},
      {-kClockTolerance, "just now"},
      {-kClockTolerance - 1s, "in the future"},
      {-days(900), "in the future"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.ago.count());
    CHECK(ago_text(kNow - row.ago, kNow) == row.text);
  }
}

TEST_CASE("Durations and times to come are told in the same words") {
  CHECK(duration_text(-5s) == "less than a minute");
  CHECK(duration_text(0s) == "less than a minute");
  CHECK(duration_text(90s) == "1 minute");
  CHECK(duration_text(36h) == "36 hours");
  CHECK(until_text(kNow + 5min, kNow) == "in 5 minutes");
  CHECK(until_text(kNow + 1h, kNow) == "in 1 hour");
  CHECK(until_text(kNow + 59s, kNow) == "now");
  CHECK(until_text(kNow, kNow) == "now");
  CHECK(until_text(kNow - days(3), kNow) == "now");
}

}  // namespace
}  // namespace holdfast
