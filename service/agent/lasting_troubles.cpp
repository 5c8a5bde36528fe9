#include "service/agent/lasting_troubles.h"

#include <utility>

#include "service/agent/dataset_run.h"

namespace holdfast {

void LastingTroubles::tell(DatasetState& state, const DatasetFacts& facts, Time now) const {
  const bool is_stale = is_overdue(facts, now);
  if (is_stale && !state.told_stale) {
    report(events_, state, EventId::Stale, {dataset_health(facts, now).headline});
  }
  state.told_stale = is_stale;
  const bool is_kept_away = is_kept_from_cloud(facts, now);
  if (is_kept_away && !state.told_waiting) {
    report(events_, state, EventId::WaitingTooLong, {dataset_health(facts, now).headline});
  }
  state.told_waiting = is_kept_away;
  tell_held_back(state);
}

void LastingTroubles::tell_held_back(DatasetState& state) const {
  const std::string reason = held_back(state);
  const std::string before = std::exchange(state.told_held_back, reason);
  if (reason == before) return;
  if (reason.empty()) {
    report(events_, state, EventId::RetentionGoesOn);
  } else {
    report(events_, state, EventId::RetentionHeldBack, {reason});
  }
}

void LastingTroubles::tell_record_fault(const std::string& fault) {
  const bool has_failed = !fault.empty();
  if (has_failed == std::exchange(told_not_recorded_, has_failed)) return;
  if (has_failed) {
    events_.report({EventId::NotRecorded, {fault}});
  } else {
    events_.report({EventId::Recorded, {}});
  }
}

}  // namespace holdfast
