#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <variant>

#include "common/clock.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// When a dataset is backed up by itself.
struct Every {
  std::chrono::seconds interval = std::chrono::hours(4);
};
struct Daily {
  std::chrono::seconds time_of_day{};  // on the clocks of the place
};
struct Manual {};
using Schedule = std::variant<Every, Daily, Manual>;

// A shorter interval is taken for this one.
constexpr std::chrono::minutes kShortestInterval{1};

// How long after each failed run in a row the next one is tried, unless the schedule's own next run
// comes first. After the last of these only the schedule counts.
constexpr std::array<std::chrono::minutes, 3> kRetryAfter{
    std::chrono::minutes(5), std::chrono::minutes(15), std::chrono::minutes(60)};

// A run that was missed for longer than this starts without spread: a machine that is never on for
// more than minutes must be backed up too. Longer than a long weekend, after which many machines
// are switched on at once.
constexpr std::chrono::days kSpreadGivesWay{4};

// What is recorded of a dataset's runs. "Last" is by the order in which runs were recorded, never
// by their times: after a clock stood wrong, the latest time is not the last.
struct RunHistory {
  struct Attempt {
    Time started_at;
    Time ended_at;
  };

  Time known_since;                     // when the dataset was configured
  std::optional<Time> last_good;        // the start of the last run that was verified or unchanged
  std::optional<Attempt> last_attempt;  // the last run, whatever came of it
  // Runs in a row, up to now, that failed or were broken off by a stop of the service. One that a
  // person cancelled is none: it waits for the schedule.
  int failures = 0;
  Time awake_since;  // when the service started or the machine woke, whichever was later
};

// The largest spread that is used: a tenth of the interval (of the day, for daily runs), at most
// ten minutes.
std::chrono::seconds max_spread(const Schedule& schedule);

// When the next run starts by itself; not after `now` means that it is due. The answer for the same
// history stays the same while time passes, so it may be asked at every wake-up.
//
// - Every: an interval after the last good run's start, and on by whole intervals when runs fail.
//   Daily: at the time of day; what is skipped by a change of the clocks runs right after it, what
//   comes twice runs at the first. The first run of all is due as soon as the dataset is known.
// - Runs that were missed are caught up by one.
// - `spread` keeps many machines from starting in the same second: a delay that is always the same
//   for one dataset on one machine, cut to max_spread(). It counts from the time of day, from the
//   dataset's first day, and, for runs that were missed, from `awake_since`. Runs of an interval
//   are spread by their last start already.
// - A date that is_future() proves nothing and counts as if it were not recorded. So a clock that
//   is put back costs one run too many, and one that jumps forward no more than one.
//
// Nothing for Manual.
std::optional<Time> next_run(const Schedule& schedule, const RunHistory& history, Time now,
                             const TimeZone& zone, std::chrono::seconds spread);

}  // namespace holdfast
