#include <algorithm>
#include <array>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "service/schedule/schedule.h"
#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;

constexpr days kLength{10'000};
constexpr seconds kMaxLateness = 60s;  // of the timer that starts runs

// A machine that sleeps, travels, fails, and whose clock is set at random. `true_now_` passes by
// itself; what the machine takes for the time is `clock()`.
class Simulation {
 public:
  Simulation(const Schedule& schedule, std::uint64_t seed)
      : schedule_(schedule),
        random_(seed),
        spread_(seconds(random_() % 601)),
        longest_wait_(std::holds_alternative<Every>(schedule) ? std::get<Every>(schedule).interval
                                                              : seconds(25h)) {
    spread_ = std::min(spread_, max_spread(schedule_));
    history_.known_since = history_.awake_since = quiet_since_ = true_now_;
    plan_event();
  }

  void run() {
    const Time end = true_now_ + kLength;
    while (true_now_ < end && fault_.empty()) {
      const Time due = *next_run(schedule_, history_, clock(), zone(), spread_) - skew_;
      const Time starts = std::max(due + below(kMaxLateness), true_now_);
      true_now_ = std::min(starts, event_at_);
      expect_not_silent();
      starts < event_at_ ? run_backup() : happen();
    }
  }

  const std::string& fault() const { return fault_; }
  int good_runs() const { return good_runs_; }

 private:
  Time clock() const { return true_now_ + skew_; }
  const TimeZone& zone() const { return zones_.at(zone_); }
  seconds below(seconds limit) {
    return seconds(random_() % static_cast<std::uint64_t>(limit.count()));
  }
  bool one_in(unsigned times) { return random_() % times == 0; }
  void plan_event() { event_at_ = true_now_ + below(one_in(3) ? seconds(days(4)) : seconds(8h)); }

  void expect_not_silent() {
    seconds limit = longest_wait_ + spread_ + kMaxLateness;
    if (disturbed_) limit += kClockTolerance;
    if (true_now_ - quiet_since_ > limit) fail("no run for too long");
  }

  // What the runs of an interval count from: the latest date that the last run does not contradict.
  Time counted_from(Time last_start) const {
    const Time first = history_.last_good.value_or(history_.known_since);
    if (first <= last_start) return first;
    return std::min(history_.known_since, last_start);
  }

  // Whether the schedule has a run after the one and not after the other time of the clock.
  bool slot_between(Time after, Time until) const {
    if (const auto* every = std::get_if<Every>(&schedule_)) {
      const Time anchor = counted_from(after);
      return (until - anchor) / every->interval > (after - anchor) / every->interval;
    }
    const seconds time_of_day = std::get<Daily>(schedule_).time_of_day;
    auto day = std::chrono::floor<days>(local_time(zone(), after)) - days(1);
    for (; day <= local_time(zone(), until) + days(1); day += days(1)) {
      const Time slot = first_instant(zone(), day + time_of_day);
      if (after < slot && slot <= until) return true;
    }
    return false;
  }

  bool is_retry() const {
    const auto failures = static_cast<std::size_t>(history_.failures);
    return 0 < failures && failures <= kRetryAfter.size() &&
           clock() - history_.last_attempt->ended_at >= kRetryAfter.at(failures - 1);
  }

  // A run that neither the schedule nor a failure asks for may come once after each disturbance.
  void expect_reason() {
    if (!history_.last_attempt || disturbed_ || is_retry()) return;
    if (!slot_between(history_.last_attempt->started_at, clock())) fail("a run too many");
  }

  void run_backup() {
    expect_reason();
    const Time started = clock();
    quiet_since_ = true_now_;
    disturbed_ = false;
    true_now_ += 5s + below(600s);
    event_at_ = std::max(event_at_, true_now_);
    const bool good = trouble_ ? one_in(8) : !one_in(50);
    history_.last_attempt = {started, clock()};
    history_.failures = good ? 0 : history_.failures + 1;
    if (!good) return;
    history_.last_good = started;
    ++good_runs_;
  }

  void happen() {
    switch (random_() % 8) {
      case 0: sleep(below(days(10))); break;
      case 1:
      case 2: sleep(below(14h)); break;
      case 3: set_clock(skew_ + below(8min) - 4min); break;
      case 4: set_clock(below(days(1500)) - days(750)); break;
      case 5: set_clock(0s); break;
      case 6:
        zone_ = random_() % zones_.size();
        disturb();
        break;
      default: trouble_ = !trouble_ && one_in(2); break;
    }
    plan_event();
  }

  void sleep(seconds duration) {
    true_now_ += duration;
    quiet_since_ = true_now_;
    history_.awake_since = clock();
  }

  void set_clock(seconds skew) {
    skew_ = skew;
    disturb();
  }

  void disturb() {
    quiet_since_ = true_now_;
    disturbed_ = true;
  }

  void fail(const char* what) {
    fault_ =
        std::string(what) + " at " + utc_text(true_now_) + ", by the clock " + utc_text(clock());
    fault_ += ". Runs: good " + utc_text(history_.last_good.value_or(Time())) + ", last " +
              utc_text(history_.last_attempt->started_at) + " to " +
              utc_text(history_.last_attempt->ended_at) + ", " + std::to_string(history_.failures) +
              " failures, awake " + utc_text(history_.awake_since);
  }

  Schedule schedule_;
  std::mt19937_64 random_;
  seconds spread_;
  seconds longest_wait_;
  std::array<FakeTimeZone, 4> zones_{berlin(), sydney(), new_york(), lord_howe()};
  std::size_t zone_ = 0;
  Time true_now_ = time_from("2026-01-01T00:00:00Z");
  seconds skew_{};
  Time event_at_;
  Time quiet_since_;        // since the machine was awake and its clock and zone left alone
  bool disturbed_ = false;  // since the last run
  bool trouble_ = false;
  RunHistory history_;
  int good_runs_ = 0;
  std::string fault_;
};

TEST_CASE("In 10,000 days of sleep, jumps and failures no run is missed and none comes twice") {
  const Schedule schedules[] = {Every{1h}, Every{4h}, Every{days(7)}, Daily{2h + 15min},
                                Daily{18h + 30min}};
  for (const Schedule& schedule : schedules) {
    for (const std::uint64_t seed : {1u, 20261120u, 4744u}) {
      CAPTURE(schedule.index(), seed);
      Simulation simulation(schedule, seed);
      simulation.run();
      CHECK(simulation.fault() == "");
      CHECK(simulation.good_runs() > 500);
    }
  }
}

}  // namespace
}  // namespace holdfast
