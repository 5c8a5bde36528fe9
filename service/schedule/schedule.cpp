#include "service/schedule/schedule.h"

#include <algorithm>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

// What the history proves, seen from `now`.
struct Proven {
  std::optional<Time> known_since;
  std::optional<Time> last_good;
  std::optional<Time> last_start;  // of any run
  std::optional<Time> last_end;    // of a run that failed
  std::optional<Time> awake_since;
};

std::optional<Time> believed(Time time, Time now) {
  return is_future(time, now) ? std::nullopt : std::optional(time);
}

Proven proven(const RunHistory& history, Time now) {
  Proven past{.known_since = believed(history.known_since, now),
              .awake_since = believed(history.awake_since, now)};
  if (history.last_good) past.last_good = believed(*history.last_good, now);
  past.last_start = past.last_good;
  if (!history.last_attempt) return past;
  const RunHistory::Attempt& attempt = *history.last_attempt;
  if (is_future(attempt.started_at, now)) return past;
  // A good run cannot have come after the last one; its date would seem right once it has passed.
  if (past.last_good > attempt.started_at) past.last_good.reset();
  past.last_start = attempt.started_at;
  // The clock may have been put back while it ran.
  past.last_end =
      std::max(believed(attempt.ended_at, now).value_or(attempt.started_at), attempt.started_at);
  return past;
}

std::chrono::seconds effective_interval(const Every& every) {
  return std::max<std::chrono::seconds>(every.interval, kShortestInterval);
}

Time slot_after(const Every& every, const Proven& past, Time last_start) {
  const auto interval = effective_interval(every);
  const Time first = past.last_good.value_or(past.known_since.value_or(last_start));
  const Time anchor = std::min(first, last_start);
  return anchor + ((last_start - anchor) / interval + 1) * interval;
}

Time slot_after(const Daily& daily, const TimeZone& zone, Time last_start) {
  LocalTime local =
      std::chrono::floor<std::chrono::days>(local_time(zone, last_start)) + daily.time_of_day;
  Time slot = first_instant(zone, local);
  while (slot <= last_start) {
    local += std::chrono::days(1);
    slot = first_instant(zone, local);
  }
  return slot;
}

}  // namespace

std::chrono::seconds max_spread(const Schedule& schedule) {
  const auto* every = std::get_if<Every>(&schedule);
  const std::chrono::seconds round = every ? effective_interval(*every) : std::chrono::days(1);
  return std::min<std::chrono::seconds>(round / 10, 10min);
}

std::optional<Time> next_run(const Schedule& schedule, const RunHistory& history, Time now,
                             const TimeZone& zone, std::chrono::seconds spread) {
  if (std::holds_alternative<Manual>(schedule)) return std::nullopt;
  const Proven past = proven(history, now);
  const auto delay = std::clamp<std::chrono::seconds>(spread, 0s, max_spread(schedule));

  // A slot is when a run should start, were there no other machines.
  Time slot;
  Time start;
  if (!past.last_start) {
    // Without any proven date there is nothing to count from but `now`, which passes.
    if (!past.known_since) return now;
    slot = *past.known_since;
    start = slot + delay;
  } else if (const auto* daily = std::get_if<Daily>(&schedule)) {
    slot = slot_after(*daily, zone, *past.last_start);
    start = slot + delay;
  } else {
    slot = start = slot_after(std::get<Every>(schedule), past, *past.last_start);
  }

  const auto failures = static_cast<std::size_t>(std::max(history.failures, 0));
  if (past.last_end && 0 < failures && failures <= kRetryAfter.size()) {
    const Time retry = *past.last_end + kRetryAfter.at(failures - 1);
    if (retry < start) slot = start = retry;
  }
  if (past.awake_since && *past.awake_since > slot) {
    const Time awake = *past.awake_since;
    start = std::max(start, std::clamp<Time>(slot + kSpreadGivesWay, awake, awake + delay));
  }
  return start;
}

}  // namespace holdfast
