#include "service/agent/restores.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/agent/failed_run.h"

namespace holdfast {
namespace {

constexpr std::size_t kMostPreviews = 4;
constexpr const char* kUndo = "undo";

RestoreTarget target_of(const DatasetState& state, const MachineFacts& machine) {
  return {.database = state.database,
          .include = state.dataset.include,
          .letter_case = machine.letter_case,
          .counts = state.dataset.counts};
}

RestoreRequest restore_request(const DatasetState& state, const MachineFacts& machine,
                               const RunRequest& request) {
  RestoreRequest restore{.archive = archive_path(archive_named(state, request.source)),
                         .target = target_of(state, machine),
                         .safety = backup_request(state, machine, "before a restore")};
  if (request.foreign) restore.foreign = ForeignArchive::Accepted;
  return restore;
}

RunProgress told(const RestoreProgress& progress) {
  const bool is_past_return =
      progress.phase == RestorePhase::Restoring || progress.phase == RestorePhase::Confirming;
  return {.phase = std::string(name(progress.phase)),
          .done_bytes = progress.done_bytes,
          .total_bytes = progress.total_bytes,
          .can_be_cancelled = !is_past_return};
}

// Where what was there before is now.
std::string kept_text(const RestoreResult& restored) {
  const std::filesystem::path& kept =
      restored.safety_archive.empty() ? restored.set_aside : restored.safety_archive;
  return kept.empty() ? "nothing" : path_text(kept);
}

}  // namespace

const ArchiveRecord& archive_named(const DatasetState& state, const std::string& file_name) {
  const ArchiveRecord* found = nullptr;
  for (const ArchiveRecord& archive : state.archives) {
    if (archive.file_name != file_name) continue;
    if (archive.destination == path_text(state.destination)) return archive;
    if (found == nullptr) found = &archive;
  }
  if (found != nullptr) return *found;
  throw Error(ErrorCode::NotFound,
              fmt::format("There is no archive \"{}\" of {}.", one_line(file_name, 100), state.key),
              "See which there are: holdfast archives.");
}

std::filesystem::path archive_path(const ArchiveRecord& archive) {
  return text_path(archive.destination) / text_path(archive.file_name);
}

RunWork Restores::work_for(const DatasetState& state, const RunRequest& request) const {
  RestoreRequest restore;
  try {
    restore = restore_request(state, parts_.run.machine, request);
  } catch (const Error& gone) {
    return [this, gone](const OnRunProgress&, const std::stop_token&) { return failed(gone); };
  }
  return [this, work = state.work, restore = std::move(restore)](
             const OnRunProgress& on_progress, const std::stop_token& stop) -> TakeOutcome {
    const auto tell = [&on_progress](const RestoreProgress& progress) {
      on_progress(told(progress));
    };
    return [this, outcome = work->restore(restore, tell, stop)](
               DatasetState& now_known, RunRecord& record) { take(now_known, record, outcome); };
  };
}

TakeOutcome Restores::failed(const Error& why) const {
  return [this, why](DatasetState& state, RunRecord& record) {
    take(state, record, {.failure = why});
  };
}

void Restores::take(DatasetState& state, RunRecord& record, const RestoreOutcome& outcome) const {
  if (outcome.restored) return take_restored(state, record, *outcome.restored);
  if (!keep_failed_run(parts_.run, record, *outcome.failure)) return;
  report(parts_.run.events, state, EventId::RestoreFailed,
         {record.source, outcome.failure->line()});
}

void Restores::take_restored(DatasetState& state, RunRecord& record,
                             const RestoreResult& restored) const {
  record.outcome = RunOutcome::Verified;
  if (!restored.set_aside.empty()) {
    record.sentence = fmt::format("The files that were there before are kept in {}.",
                                  path_text(restored.set_aside));
  }
  if (restored.safety_archive.empty()) {
    parts_.run.records.end(record, nullptr);
  } else {
    const ArchiveRecord safety = archive_record(state, restored.saved, record.ended_at);
    record.archive = safety.file_name;
    parts_.run.records.end(record, &safety);
    state.archives.insert(state.archives.begin(), safety);
    parts_.run.records.reload_archives(state);
  }
  // Somebody saw what it has and wanted it: nothing has fallen beside that.
  state.record.damage.clear();
  state.record.drops.clear();
  state.record.good_counts = restored.manifest.counts;
  state.record.checked_at = record.ended_at;
  state.is_doubtful = false;
  state.told_failure.reset();
  parts_.run.records.save(state.record);
  report(parts_.run.events, state,
         record.cause == kUndo ? EventId::UndoFinished : EventId::RestoreFinished,
         {record.source, record.user, kept_text(restored)});
}

RunRequest Restores::undo(const DatasetState& state, const std::string& user) {
  const auto last = parts_.run.records.last_restore(state.key);
  if (!last) {
    throw Error(ErrorCode::NotFound,
                fmt::format("No restore of {} is recorded.", state.dataset.title),
                "To go back further, restore an archive: holdfast archives.");
  }
  if (last->archive.empty()) {
    throw Error(ErrorCode::NotFound,
                fmt::format("The last restore of {} cannot be undone: what was there before could "
                            "not be read and is in no archive. {}",
                            state.dataset.title, last->sentence),
                "Restore another archive: holdfast archives.");
  }
  archive_named(state, last->archive);
  return {.kind = RunKind::Restore,
          .urgency = Urgency::Asked,
          .cause = kUndo,
          .user = user,
          .source = last->archive,
          // It was there before.
          .foreign = true};
}

void Restores::preview(const DatasetState& state, const std::string& file_name, RowCounts rows,
                       Told told) {
  PreviewJob job{.archive = archive_path(archive_named(state, file_name)),
                 .target = target_of(state, parts_.run.machine),
                 .rows = rows,
                 .scratch = state.scratch};
  if (previews_.size() >= kMostPreviews) {
    throw Error(ErrorCode::TooManyRequests, "Too many archives are looked at already.",
                "Try again in a moment.");
  }
  const std::uint64_t id = ++last_preview_;
  previews_[id] =
      parts_.workers.start([this, id, work = state.work, job = std::move(job),
                            told = std::move(told)](const std::stop_token& stop) -> Workers::Done {
        return [this, id, told, outcome = work->preview(job, stop)] {
          previews_.erase(id);
          told(outcome);
        };
      });
}

void Restores::stop() {
  for (auto& [id, stop] : previews_) stop.request_stop();
}

}  // namespace holdfast
