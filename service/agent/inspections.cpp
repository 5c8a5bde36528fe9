#include "service/agent/inspections.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "service/agent/failed_run.h"

namespace holdfast {
namespace {

// Also a backup reads all of it.
constexpr std::chrono::days kAtLeastEvery{7};
// A database that is in trouble again and again is not read all the time.
constexpr std::chrono::hours kAtMostEvery{1};
// Nothing is backed up before a restore that was broken off has come to its end.
constexpr std::chrono::minutes kTryAgainAfter{1};

// The first of the faults, as a sentence.
std::string damage_text(const DatasetState& state, const std::string& faults) {
  return fmt::format("The database {} is damaged: {}.", path_text(state.database),
                     faults.substr(0, faults.find('\n')));
}

std::string recovery_text(Recovery recovery) {
  return recovery == Recovery::Finished ? "it was brought to its end"
                                        : "all is as it was before the restore";
}

}  // namespace

bool Inspections::is_due(const DatasetState& state) const {
  if (!state.obstacle().empty() || is_busy(state.key) || inspecting_.contains(state.key))
    return false;
  const Time now = parts_.run.clock.now();
  const auto is_old = [now](Time then, std::chrono::seconds age) {
    return is_future(then, now) || now - then >= age;
  };
  if (state.inspected_at && !is_old(*state.inspected_at, kAtMostEvery)) return false;
  if (state.is_doubtful) return true;
  const ArchiveRecord* newest = newest_verified(state);
  const Time checked = state.record.checked_at.value_or(state.record.known_since);
  return is_old(newest == nullptr ? checked : std::max(checked, newest->taken_at), kAtLeastEvery);
}

void Inspections::begin(const DatasetState& state) {
  parts_.workers.start([this, work = state.work, key = state.key,
                        database = state.database](const std::stop_token&) -> Workers::Done {
    return [this, key, database, outcome = work->recover(database)] {
      recovering_.erase(key);
      DatasetState* const now_known = parts_.find(key);
      if (now_known != nullptr && now_known->database == database) {
        take_recovered(*now_known, outcome);
      }
      parts_.on_change();
    };
  });
  recovering_.insert(state.key);
}

void Inspections::take_recovered(DatasetState& state, const RecoverOutcome& outcome) {
  const Time now = parts_.run.clock.now();
  state.inspected_at = now;
  if (outcome.failure) {
    spdlog::warn("{}: {}", state.key, outcome.failure->line());
    state.inspected_at = now - kAtMostEvery + kTryAgainAfter;
    return;
  }
  if (outcome.recovery != Recovery::Nothing) {
    report(parts_.run.events, state, EventId::RestoreRecovered, {recovery_text(outcome.recovery)});
  }
  if (!parts_.run.is_stopping()) inspect(state);
}

void Inspections::inspect(const DatasetState& state) {
  inspecting_[state.key] =
      parts_.workers.start([this, work = state.work, key = state.key, database = state.database](
                               const std::stop_token& stop) -> Workers::Done {
        return [this, key, database, outcome = work->inspect(database, stop)] {
          inspecting_.erase(key);
          DatasetState* const now_known = parts_.find(key);
          if (now_known != nullptr && now_known->database == database) {
            take_inspected(*now_known, outcome);
          }
          parts_.on_change();
        };
      });
}

void Inspections::take_inspected(DatasetState& state, const InspectOutcome& outcome) const {
  if (outcome.failure && !is_damage(state, *outcome.failure)) {
    // Whoever wants to back it up is told the same.
    if (outcome.failure->code() != ErrorCode::Cancelled) {
      spdlog::warn("{}: {}", state.key, outcome.failure->line());
    }
    return;
  }
  state.is_doubtful = false;
  if (outcome.failure) return take_damage(parts_.run, state, outcome.failure->what());
  if (!outcome.damage.empty()) {
    return take_damage(parts_.run, state, damage_text(state, outcome.damage));
  }
  state.record.checked_at = parts_.run.clock.now();
  parts_.run.records.save(state.record);
}

void Inspections::make_way(const std::string& key) {
  const auto under_way = inspecting_.find(key);
  if (under_way != inspecting_.end()) under_way->second.request_stop();
}

void Inspections::stop() {
  for (auto& [key, stop] : inspecting_) stop.request_stop();
}

}  // namespace holdfast
