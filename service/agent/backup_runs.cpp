#include "service/agent/backup_runs.h"

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/agent/failed_run.h"
#include "service/health/counts_alarm.h"

namespace holdfast {

RunWork BackupRuns::work_for(const DatasetState& state, const RunRequest& request) const {
  const std::string reason = request.reason.empty() ? request.cause : request.reason;
  BackupJob job = backup_job(state, parts_.machine, request.urgency, reason, parts_.clock.now());
  return [this, work = state.work, job = std::move(job)](
             const OnRunProgress& on_progress, const std::stop_token& stop) -> TakeOutcome {
    const auto tell = [&on_progress](const BackupProgress& progress) {
      on_progress({.phase = std::string(name(progress.phase)),
                   .done_bytes = progress.done_bytes,
                   .total_bytes = progress.total_bytes});
    };
    return [this, outcome = work->back_up(job, tell, stop)](
               DatasetState& now_known, RunRecord& record) { take(now_known, record, outcome); };
  };
}

TakeOutcome BackupRuns::failed(const Error& why) const {
  return [this, why](DatasetState& state, RunRecord& record) {
    take(state, record, {.failure = why});
  };
}

void BackupRuns::take(DatasetState& state, RunRecord& record, const BackupOutcome& outcome) const {
  if (outcome.is_in_outbox) {
    take_kept(state, record, outcome);
  } else if (outcome.made) {
    take_archive(state, record, outcome);
  } else if (outcome.failure) {
    take_failure(state, record, outcome);
  } else {
    record.outcome = RunOutcome::Unchanged;
    parts_.records.end(record, nullptr);
    state.told_failure.reset();
    report(parts_.events, state, EventId::BackupUnchanged);
  }
  add_run(state.runs, record);
}

void BackupRuns::take_archive(DatasetState& state, RunRecord& record,
                              const BackupOutcome& outcome) const {
  const BackupResult& made = *outcome.made;
  ArchiveRecord archive = archive_record(state, made, record.ended_at);
  if (outcome.published) {
    archive.written_at = outcome.published->changed_at;
    archive.file_hash = outcome.published->hash;
  }
  record.outcome = RunOutcome::Verified;
  record.archive = archive.file_name;
  parts_.records.end(record, &archive);
  state.archives.insert(state.archives.begin(), archive);
  parts_.records.reload_archives(state);
  state.record.damage.clear();
  state.is_doubtful = false;
  state.record.change_mark = made.change_mark;
  state.record.marked_archive = archive.file_name;
  state.told_failure.reset();
  report(parts_.events, state, EventId::BackupVerified,
         {path_text(made.archive), size_text(made.archive_bytes)});
  take_counts(state, made.manifest.counts);
  parts_.records.save(state.record);
}

// It is verified, but it is not where it should be: nobody is to rely on that.
void BackupRuns::take_kept(DatasetState& state, RunRecord& record,
                           const BackupOutcome& outcome) const {
  if (outcome.made) state.outbox_mark = outcome.made->change_mark;
  state.has_outbox = true;
  const Error& away = *outcome.failure;
  BackupOutcome told = outcome;
  told.failure = Error(away.code(),
                       fmt::format("{} The backup was made, and is kept on this computer until it "
                                   "can be delivered.",
                                   away.what()),
                       away.action());
  take_failure(state, record, told);
  state.is_doubtful = false;
}

// The alarm goes on ringing until the counts are back: the good ones stay what they were.
void BackupRuns::take_counts(DatasetState& state,
                             const std::map<std::string, std::int64_t>& counts) const {
  auto before = state.record.good_counts;
  std::erase_if(before,
                [&](const auto& count) { return !state.dataset.counts.contains(count.first); });
  const bool rang = !state.record.drops.empty();
  state.record.drops = counts_alarm(before, counts, state.dataset.alarm_on_drop_percent);
  if (state.record.drops.empty()) {
    state.record.good_counts = counts;
  } else if (!rang) {
    const DatasetHealth told =
        dataset_health(health_facts(state, std::nullopt), parts_.clock.now());
    report(parts_.events, state, EventId::CountsDropped, {told.headline});
  }
}

void BackupRuns::take_failure(DatasetState& state, RunRecord& record,
                              const BackupOutcome& outcome) const {
  const Error& failure = *outcome.failure;
  if (!keep_failed_run(parts_, record, failure)) return;
  if (is_damage(state, failure)) return take_damage(parts_, state, failure.what());
  state.is_doubtful = true;
  EventId event = EventId::BackupFailed;
  if (outcome.destination_failed) event = EventId::DestinationNotReachable;
  if (failure.code() == ErrorCode::DiskFull) event = EventId::DiskFull;
  // The same trouble is news once, whatever its sentence says this time.
  const std::pair trouble(event, failure.code());
  if (std::exchange(state.told_failure, trouble) == trouble) return;
  report(parts_.events, state, event, {failure.line()});
}

}  // namespace holdfast
