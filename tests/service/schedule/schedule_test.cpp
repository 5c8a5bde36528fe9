#include "service/schedule/schedule.h"

#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

const Time kLongAgo = time_from("2020-01-01T00:00:00Z");

Time at(std::string_view text) {
  return time_from(text);
}

RunHistory good_run(std::string_view started) {
  return {.known_since = kLongAgo,
          .last_good = at(started),
          .last_attempt = RunHistory::Attempt{at(started), at(started) + 20s},
          .awake_since = kLongAgo};
}

// The last run failed, after a good one.
RunHistory failed_run(std::string_view good, std::string_view started, std::string_view ended,
                      int failures) {
  return {.known_since = kLongAgo,
          .last_good = at(good),
          .last_attempt = RunHistory::Attempt{at(started), at(ended)},
          .failures = failures,
          .awake_since = kLongAgo};
}

std::string next(const Schedule& schedule, const RunHistory& history, std::string_view now,
                 const TimeZone& zone = berlin(), seconds spread = 0s) {
  const auto run = next_run(schedule, history, at(now), zone, spread);
  return run ? utc_text(*run) : "never";
}

TEST_CASE("A manual schedule never starts a run") {
  CHECK(next(Manual{}, {}, "2026-01-01T00:00:00Z") == "never");
  CHECK(next(Manual{},
             failed_run("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-02T00:01:00Z", 1),
             "2026-01-02T00:05:00Z") == "never");
}

TEST_CASE("An interval counts from the start of the last good run") {
  struct Row {
    seconds interval;
    std::string_view last;
    std::string_view next;
  };
  const Row rows[] = {
      {1h, "2026-05-04T08:00:20Z", "2026-05-04T09:00:20Z"},
      {4h, "2026-05-04T08:00:20Z", "2026-05-04T12:00:20Z"},
      {4h, "2026-12-31T22:00:00Z", "2027-01-01T02:00:00Z"},
      {4h, "2028-02-28T22:00:00Z", "2028-02-29T02:00:00Z"},
      {4h, "2026-03-28T23:30:00Z", "2026-03-29T03:30:00Z"},
      {4h, "2026-10-24T23:30:00Z", "2026-10-25T03:30:00Z"},
      {days(30), "2026-02-01T00:00:00Z", "2026-03-03T00:00:00Z"},
      {0s, "2026-05-04T08:00:20Z", "2026-05-04T08:01:20Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.last, row.interval.count());
    const RunHistory history = good_run(row.last);
    // The answer stands while time passes, before and after the run is due.
    for (const std::string_view now : {row.last, row.next}) {
      CHECK(next(Every{row.interval}, history, now, berlin(), 10min) == row.next);
    }
  }
}

TEST_CASE("A daily run starts at the time of day, whatever the clocks do") {
  struct Row {
    const char* place;
    FakeTimeZone zone;
    seconds time_of_day;
    std::string_view last;
    std::string_view next;
  };
  const Row rows[] = {
      {"winter", berlin(), 18h + 30min, "2026-01-15T17:30:00Z", "2026-01-16T17:30:00Z"},
      {"summer", berlin(), 18h + 30min, "2026-07-15T16:30:00Z", "2026-07-16T16:30:00Z"},
      {"same day, run by hand", berlin(), 18h + 30min, "2026-07-15T15:00:00Z",
       "2026-07-15T16:30:00Z"},
      {"a day of 23 hours", berlin(), 18h + 30min, "2026-03-28T17:30:00Z", "2026-03-29T16:30:00Z"},
      {"a day of 25 hours", berlin(), 18h + 30min, "2026-10-24T16:30:00Z", "2026-10-25T17:30:00Z"},
      {"skipped", berlin(), 2h + 30min, "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z"},
      {"after it was skipped", berlin(), 2h + 30min, "2026-03-29T01:00:00Z",
       "2026-03-30T00:30:00Z"},
      {"the first of two", berlin(), 2h + 30min, "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z"},
      {"no second of two", berlin(), 2h + 30min, "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"},
      {"between the two", berlin(), 2h + 30min, "2026-10-25T01:10:00Z", "2026-10-26T01:30:00Z"},
      {"south, forward", sydney(), 18h + 30min, "2026-10-03T08:30:00Z", "2026-10-04T07:30:00Z"},
      {"south, back", sydney(), 18h + 30min, "2026-04-04T07:30:00Z", "2026-04-05T08:30:00Z"},
      {"south, skipped", sydney(), 2h + 30min, "2026-10-02T16:30:00Z", "2026-10-03T16:00:00Z"},
      {"south, twice", sydney(), 2h + 30min, "2026-04-03T15:30:00Z", "2026-04-04T15:30:00Z"},
      {"south, not twice", sydney(), 2h + 30min, "2026-04-04T15:30:00Z", "2026-04-05T16:30:00Z"},
      {"half an hour skipped", lord_howe(), 2h + 15min, "2026-10-02T15:45:00Z",
       "2026-10-03T15:30:00Z"},
      {"half an hour twice", lord_howe(), 1h + 45min, "2026-04-04T14:45:00Z",
       "2026-04-05T15:15:00Z"},
      {"half an hour, forward", lord_howe(), 12h, "2026-10-03T01:30:00Z", "2026-10-04T01:00:00Z"},
      {"a day that was left out", samoa(), 18h + 30min, "2011-12-30T04:30:00Z",
       "2011-12-30T10:00:00Z"},
      {"after the day left out", samoa(), 18h + 30min, "2011-12-30T10:00:00Z",
       "2011-12-31T04:30:00Z"},
      {"midnight", berlin(), 0s, "2026-05-04T22:00:00Z", "2026-05-05T22:00:00Z"},
      {"the last second", berlin(), 24h - 1s, "2026-05-04T21:59:59Z", "2026-05-05T21:59:59Z"},
      {"to a leap day", berlin(), 9h, "2028-02-28T08:00:00Z", "2028-02-29T08:00:00Z"},
      {"from a leap day", berlin(), 9h, "2028-02-29T08:00:00Z", "2028-03-01T08:00:00Z"},
      {"no leap day", berlin(), 9h, "2027-02-28T08:00:00Z", "2027-03-01T08:00:00Z"},
      {"the year's end", new_york(), 23h, "2027-01-01T04:00:00Z", "2027-01-02T04:00:00Z"},
      {"into the new year", sydney(), 9h, "2026-12-30T22:00:00Z", "2026-12-31T22:00:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.place, row.last);
    for (const std::string_view now : {row.last, row.next}) {
      CHECK(next(Daily{row.time_of_day}, good_run(row.last), now, row.zone) == row.next);
    }
  }
}

TEST_CASE("A dataset that never ran is due as soon as it is known, and spread") {
  const RunHistory history{.known_since = at("2026-05-04T11:00:00Z"), .awake_since = kLongAgo};
  for (const auto* const now : {"2026-05-04T11:00:00Z", "2026-05-09T11:00:00Z"}) {
    CHECK(next(Every{4h}, history, now) == "2026-05-04T11:00:00Z");
    CHECK(next(Daily{9h}, history, now) == "2026-05-04T11:00:00Z");
    CHECK(next(Daily{9h}, history, now, berlin(), 3min) == "2026-05-04T11:03:00Z");
  }
}

TEST_CASE("Missed runs are caught up by one, soon after the machine woke") {
  RunHistory slept = good_run("2026-05-04T07:00:00Z");
  slept.awake_since = at("2026-05-07T06:12:00Z");
  const auto* const awake = "2026-05-07T06:12:00Z";
  CHECK(next(Daily{9h}, slept, awake) == "2026-05-07T06:12:00Z");
  CHECK(next(Every{4h}, slept, awake) == "2026-05-07T06:12:00Z");
  CHECK(next(Daily{9h}, slept, awake, berlin(), 4min) == "2026-05-07T06:16:00Z");
  CHECK(next(Every{4h}, slept, awake, berlin(), 4min) == "2026-05-07T06:16:00Z");

  RunHistory caught_up = good_run("2026-05-07T06:16:00Z");
  caught_up.awake_since = slept.awake_since;
  CHECK(next(Daily{9h}, caught_up, "2026-05-07T06:17:00Z", berlin(), 4min) ==
        "2026-05-07T07:04:00Z");
  CHECK(next(Every{4h}, caught_up, "2026-05-07T06:17:00Z", berlin(), 4min) ==
        "2026-05-07T10:16:00Z");
}

TEST_CASE("Waking changes nothing for a run that was not missed") {
  RunHistory history = good_run("2026-05-04T07:00:00Z");
  history.awake_since = at("2026-05-04T08:00:00Z");
  CHECK(next(Every{4h}, history, "2026-05-04T08:00:00Z", berlin(), 4min) == "2026-05-04T11:00:00Z");
  CHECK(next(Daily{9h}, history, "2026-05-04T08:00:00Z", berlin(), 4min) == "2026-05-05T07:04:00Z");
}

TEST_CASE("A machine that is never on for long is backed up all the same") {
  RunHistory history = good_run("2026-05-04T07:00:00Z");
  history.awake_since = at("2026-05-08T06:55:00Z");
  CHECK(next(Daily{7h}, history, "2026-05-08T06:55:00Z", berlin(), 10min) ==
        "2026-05-08T07:05:00Z");
  history.awake_since = at("2026-05-09T06:55:00Z");
  // More than four days after the run of the 5th was missed.
  CHECK(next(Daily{7h}, history, "2026-05-09T06:55:00Z", berlin(), 10min) ==
        "2026-05-09T06:55:00Z");
}

TEST_CASE("The spread is a tenth of the interval and ten minutes at the most") {
  CHECK(max_spread(Every{4h}) == 10min);
  CHECK(max_spread(Every{1h}) == 6min);
  CHECK(max_spread(Every{10min}) == 1min);
  CHECK(max_spread(Daily{9h}) == 10min);
  const RunHistory history = good_run("2026-05-04T07:00:00Z");
  const auto* const now = "2026-05-04T07:01:00Z";
  CHECK(next(Daily{9h}, history, now, berlin(), 8min) == "2026-05-05T07:08:00Z");
  CHECK(next(Daily{9h}, history, now, berlin(), 8h) == "2026-05-05T07:10:00Z");
  CHECK(next(Daily{9h}, history, now, berlin(), -8min) == "2026-05-05T07:00:00Z");
  const RunHistory fresh{.known_since = at("2026-05-04T07:00:00Z"), .awake_since = kLongAgo};
  CHECK(next(Every{10min}, fresh, now, berlin(), 8min) == "2026-05-04T07:01:00Z");
}

TEST_CASE("A run between the time of day and its spread stands for the daily run") {
  CHECK(next(Daily{9h}, good_run("2026-05-04T07:02:00Z"), "2026-05-04T07:03:00Z", berlin(), 8min) ==
        "2026-05-05T07:08:00Z");
}

TEST_CASE("After failures runs are tried again sooner, but never later than by the schedule") {
  struct Row {
    const char* what;
    Schedule schedule;
    RunHistory history;
    std::string_view next;
  };
  const auto* const good = "2026-05-04T04:00:00Z";
  const Row rows[] = {
      {"first", Every{4h}, failed_run(good, "2026-05-04T08:00:00Z", "2026-05-04T08:02:00Z", 1),
       "2026-05-04T08:07:00Z"},
      {"second", Every{4h}, failed_run(good, "2026-05-04T08:07:00Z", "2026-05-04T08:08:00Z", 2),
       "2026-05-04T08:23:00Z"},
      {"third", Every{4h}, failed_run(good, "2026-05-04T08:23:00Z", "2026-05-04T08:24:00Z", 3),
       "2026-05-04T09:24:00Z"},
      {"fourth", Every{4h}, failed_run(good, "2026-05-04T09:24:00Z", "2026-05-04T09:25:00Z", 4),
       "2026-05-04T12:00:00Z"},
      {"many", Every{4h}, failed_run(good, "2026-05-05T12:00:00Z", "2026-05-05T12:01:00Z", 99),
       "2026-05-05T16:00:00Z"},
      {"not past the slot", Every{4h},
       failed_run(good, "2026-05-04T11:20:00Z", "2026-05-04T11:21:00Z", 3), "2026-05-04T12:00:00Z"},
      {"short interval", Every{10min},
       failed_run(good, "2026-05-04T04:10:00Z", "2026-05-04T04:10:05Z", 2), "2026-05-04T04:20:00Z"},
      {"daily", Daily{9h}, failed_run(good, "2026-05-04T07:00:00Z", "2026-05-04T07:30:00Z", 1),
       "2026-05-04T07:35:00Z"},
      {"daily, fourth", Daily{9h},
       failed_run(good, "2026-05-04T09:00:00Z", "2026-05-04T09:01:00Z", 4), "2026-05-05T07:00:00Z"},
      {"daily, not past the slot", Daily{9h},
       failed_run(good, "2026-05-04T06:30:00Z", "2026-05-04T06:31:00Z", 3), "2026-05-04T07:00:00Z"},
      {"cancelled by a person", Every{4h},
       failed_run(good, "2026-05-04T08:00:00Z", "2026-05-04T08:02:00Z", 0), "2026-05-04T12:00:00Z"},
      {"no count at all", Every{4h},
       failed_run(good, "2026-05-04T08:00:00Z", "2026-05-04T08:02:00Z", -1),
       "2026-05-04T12:00:00Z"},
      {"the clock was put back while it ran", Every{4h},
       failed_run(good, "2026-05-04T08:00:00Z", "2026-05-04T07:10:00Z", 1), "2026-05-04T08:05:00Z"},
      {"the clock stood wrong when it ended", Every{4h},
       failed_run(good, "2026-05-04T08:00:00Z", "2030-05-04T08:10:00Z", 1), "2026-05-04T08:05:00Z"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Time ended = row.history.last_attempt->ended_at;
    const Time started = row.history.last_attempt->started_at;
    const Time now = is_future(ended, started + 1h) ? started : std::max(started, ended);
    CHECK(next(row.schedule, row.history, utc_text(now)) == row.next);
  }
}

TEST_CASE("A dataset whose first run failed is tried again") {
  RunHistory history{
      .known_since = at("2026-05-04T08:00:00Z"),
      .last_attempt = RunHistory::Attempt{at("2026-05-04T08:03:00Z"), at("2026-05-04T08:04:00Z")},
      .failures = 1,
      .awake_since = kLongAgo};
  const auto* const now = "2026-05-04T08:04:30Z";
  CHECK(next(Every{4h}, history, now) == "2026-05-04T08:09:00Z");
  history.failures = 4;
  CHECK(next(Every{4h}, history, now) == "2026-05-04T12:00:00Z");
  CHECK(next(Daily{9h}, history, now) == "2026-05-05T07:00:00Z");
  // Known to a catalog that is younger than the run.
  history.known_since = at("2026-05-04T08:04:20Z");
  CHECK(next(Every{4h}, history, now) == "2026-05-04T12:03:00Z");
}

TEST_CASE("A retry that was slept through is caught up like any run") {
  RunHistory history =
      failed_run("2026-05-04T04:00:00Z", "2026-05-04T08:00:00Z", "2026-05-04T08:01:00Z", 1);
  history.awake_since = at("2026-05-04T10:00:00Z");
  CHECK(next(Every{4h}, history, "2026-05-04T10:00:00Z", berlin(), 2min) == "2026-05-04T10:02:00Z");
}

TEST_CASE("A clock that is put back costs one run and does not stop the schedule") {
  struct Row {
    const char* what;
    Schedule schedule;
    std::string_view last;
    std::string_view now;
    std::string_view next;  // empty: due at once
  };
  const Row rows[] = {
      {"seconds", Daily{9h}, "2026-05-04T07:00:00Z", "2026-05-04T06:59:57Z",
       "2026-05-05T07:00:00Z"},
      {"within the tolerance", Every{4h}, "2026-05-04T07:00:00Z", "2026-05-04T06:55:00Z",
       "2026-05-04T11:00:00Z"},
      {"just past it", Every{4h}, "2026-05-04T07:00:00Z", "2026-05-04T06:54:59Z", ""},
      {"an hour", Daily{9h}, "2026-05-04T07:00:00Z", "2026-05-04T06:00:00Z", ""},
      {"a year", Every{4h}, "2027-05-04T07:00:00Z", "2026-05-04T07:00:00Z", ""},
      {"before the dataset was known", Every{4h}, "2027-05-04T07:00:00Z", "2001-01-01T00:00:00Z",
       ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const seconds spread : {0s, 600s}) {
      const auto run =
          next_run(row.schedule, good_run(row.last), at(row.now), FakeTimeZone(2h), spread);
      REQUIRE(run);
      if (row.next.empty()) {
        CHECK(*run <= at(row.now));
      } else if (spread == 0s) {
        CHECK(utc_text(*run) == row.next);
      }
    }
    // Once it ran, the schedule goes on from there.
    const auto after = next_run(row.schedule, good_run(row.now), at(row.now), FakeTimeZone(2h), 0s);
    CHECK(*after > at(row.now));
  }
}

TEST_CASE("A clock that jumps forward causes one run, and one more when it is put right") {
  const Every every{4h};
  const RunHistory before = good_run("2026-05-04T07:00:00Z");
  CHECK(next(every, before, "2031-05-04T07:00:00Z") == "2026-05-04T11:00:00Z");
  const RunHistory during = good_run("2031-05-04T07:00:00Z");
  CHECK(next(every, during, "2031-05-04T07:00:20Z") == "2031-05-04T11:00:00Z");
  CHECK(*next_run(every, during, at("2026-05-04T07:10:00Z"), berlin(), 0s) <=
        at("2026-05-04T07:10:00Z"));
  const RunHistory after = good_run("2026-05-04T07:10:00Z");
  CHECK(next(every, after, "2026-05-04T07:11:00Z") == "2026-05-04T11:10:00Z");
}

TEST_CASE("A failed run from the future is not waited for") {
  const RunHistory history =
      failed_run("2026-05-04T04:00:00Z", "2031-05-04T08:00:00Z", "2031-05-04T08:01:00Z", 4);
  CHECK(next(Every{4h}, history, "2026-05-04T09:00:00Z") == "2026-05-04T08:00:00Z");
  CHECK(next(Daily{9h}, history, "2026-05-04T09:00:00Z") == "2026-05-04T07:00:00Z");
}

TEST_CASE("A good run dated after the last run is not waited for once its date has come") {
  RunHistory history =
      failed_run("2026-05-04T12:00:00Z", "2026-05-04T09:00:00Z", "2026-05-04T09:01:00Z", 4);
  history.known_since = at("2026-05-01T00:00:00Z");
  CHECK(next(Every{4h}, history, "2026-05-04T11:58:00Z") == "2026-05-04T12:00:00Z");
  CHECK(next(Every{4h}, history, "2026-05-04T12:30:00Z") == "2026-05-04T12:00:00Z");
}

TEST_CASE("A change of the time zone moves a daily run and neither stops nor repeats it") {
  const Daily nine{9h};
  const RunHistory ran_in_berlin = good_run("2026-05-04T07:00:00Z");
  CHECK(next(nine, ran_in_berlin, "2026-05-04T08:00:00Z", berlin()) == "2026-05-05T07:00:00Z");
  CHECK(next(nine, ran_in_berlin, "2026-05-04T08:00:00Z", new_york()) == "2026-05-04T13:00:00Z");
  CHECK(next(nine, ran_in_berlin, "2026-05-04T08:00:00Z", sydney()) == "2026-05-04T23:00:00Z");
  // In Sydney, nine o'clock had come eight hours before Berlin's.
  const RunHistory ran_in_sydney = good_run("2026-05-03T23:00:00Z");
  CHECK(next(nine, ran_in_sydney, "2026-05-04T01:00:00Z", berlin()) == "2026-05-04T07:00:00Z");
}

}  // namespace
}  // namespace holdfast
