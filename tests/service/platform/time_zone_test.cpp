#include "service/platform/time_zone.h"

#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

// What a clock on the wall shows, written as if it were UTC.
LocalTime local(std::string_view text) {
  std::string utc(text);
  utc[10] = 'T';
  return LocalTime(time_from(utc + "Z").time_since_epoch());
}

struct Row {
  std::string_view wall;
  std::string_view utc;
};

void check(const TimeZone& zone, std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.wall);
    CHECK(utc_text(first_instant(zone, local(row.wall))) == row.utc);
  }
}

TEST_CASE("A local time is the instant at which clocks on the wall first show it") {
  check(berlin(), {{"2026-01-15 09:00:00", "2026-01-15T08:00:00Z"},
                   {"2026-07-15 09:00:00", "2026-07-15T07:00:00Z"},
                   {"2028-02-29 23:30:00", "2028-02-29T22:30:00Z"},
                   {"2027-01-01 00:00:00", "2026-12-31T23:00:00Z"}});
  check(new_york(), {{"2026-12-31 23:00:00", "2027-01-01T04:00:00Z"}});
}

TEST_CASE("A local time that is skipped is the instant at which the clocks are put forward") {
  check(berlin(), {{"2026-03-29 01:59:59", "2026-03-29T00:59:59Z"},
                   {"2026-03-29 02:00:00", "2026-03-29T01:00:00Z"},
                   {"2026-03-29 02:59:59", "2026-03-29T01:00:00Z"},
                   {"2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
                   {"2026-03-29 03:00:01", "2026-03-29T01:00:01Z"}});
  check(sydney(), {{"2026-10-04 01:59:59", "2026-10-03T15:59:59Z"},
                   {"2026-10-04 02:30:00", "2026-10-03T16:00:00Z"},
                   {"2026-10-04 03:00:00", "2026-10-03T16:00:00Z"}});
  check(lord_howe(), {{"2026-10-04 02:15:00", "2026-10-03T15:30:00Z"},
                      {"2026-10-04 02:30:00", "2026-10-03T15:30:00Z"},
                      {"2026-10-04 02:45:00", "2026-10-03T15:45:00Z"}});
  check(samoa(), {{"2011-12-29 23:59:59", "2011-12-30T09:59:59Z"},
                  {"2011-12-30 00:00:00", "2011-12-30T10:00:00Z"},
                  {"2011-12-30 18:30:00", "2011-12-30T10:00:00Z"},
                  {"2011-12-31 18:30:00", "2011-12-31T04:30:00Z"}});
}

TEST_CASE("A local time that comes twice is its first instant") {
  check(berlin(), {{"2026-10-25 01:59:59", "2026-10-24T23:59:59Z"},
                   {"2026-10-25 02:00:00", "2026-10-25T00:00:00Z"},
                   {"2026-10-25 02:59:59", "2026-10-25T00:59:59Z"},
                   {"2026-10-25 03:00:00", "2026-10-25T02:00:00Z"}});
  check(sydney(), {{"2026-04-05 02:30:00", "2026-04-04T15:30:00Z"},
                   {"2026-04-05 03:00:00", "2026-04-04T17:00:00Z"}});
  check(lord_howe(), {{"2026-04-05 01:45:00", "2026-04-04T14:45:00Z"},
                      {"2026-04-05 02:00:00", "2026-04-04T15:30:00Z"}});
}

TEST_CASE("What the wall shows and the instant lead to each other") {
  const FakeTimeZone zone = lord_howe();
  for (Time instant = time_from("2026-01-01T00:00:00Z");
       instant < time_from("2028-01-01T00:00:00Z"); instant += std::chrono::minutes(7)) {
    const Time first = first_instant(zone, local_time(zone, instant));
    const auto twice = instant - first;
    if (twice != std::chrono::minutes(0) && twice != std::chrono::minutes(30)) {
      FAIL(utc_text(instant) << " became " << utc_text(first));
    }
  }
}

}  // namespace
}  // namespace holdfast
