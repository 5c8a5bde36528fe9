#include "service/jobs/disk_work.h"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/file_hash.h"
#include "service/archive/verify_archive.h"
#include "service/backup/change_mark.h"
#include "service/backup/database_inspection.h"
#include "service/backup/destination.h"
#include "service/catalog/destination_scan.h"
#include "service/jobs/current_failure.h"
#include "service/platform/file_state.h"
#include "service/restore/drill_run.h"
#include "service/restore/preview_json.h"
#include "service/restore/restore_source.h"

namespace holdfast {
namespace {

// What is not there has none, and the backup says so.
std::uint64_t file_bytes(const std::filesystem::path& file) {
  const auto state = file_state(file);
  return state ? state->size : 0;
}

// Nothing where that cannot be told: the archive is made all the same.
std::optional<BackupOutcome::Published> published(Storage& storage,
                                                  const std::filesystem::path& archive,
                                                  const std::stop_token& stop) {
  const auto end_if_asked = [&stop](std::size_t) {
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The look was cancelled.", "");
  };
  try {
    const auto state = file_state(archive);
    if (!state) return std::nullopt;
    return BackupOutcome::Published{.changed_at = state->modified.time_since_epoch().count(),
                                    .hash = file_hash(*storage.open(archive), end_if_asked)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

void log_kept_aside(const std::filesystem::path& folder) {
  spdlog::warn("What was made since a restore was broken off is kept in {}.", path_text(folder));
}

// What the tray saw of one file says nothing of another.
std::optional<TraySignals> signals_of(const CloudJob& job, const std::string& file_name) {
  std::optional<TraySignals> signals = job.tray;
  if (!signals) return signals;
  const auto seen = signals->file_states.find(file_name);
  if (seen != signals->file_states.end()) signals->file_state = seen->second;
  return signals;
}

}  // namespace

BackupOutcome DiskWork::back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept {
  BackupOutcome outcome;
  set_thread_priority(job.priority);
  try {
    back_up_to_destination(job, outcome, on_progress, stop);
  } catch (...) {
    outcome.failure = current_failure();
  }
  if (!outcome.destination_failed || job.outbox.empty()) return outcome;
  try {
    back_up_to_outbox(job, outcome, on_progress, stop);
  } catch (...) {
    // That the destination cannot be reached is the news, unless the database itself is at fault,
    // or somebody cancelled.
    const Error failure = current_failure();
    if (failure.code() != ErrorCode::DiskFull) {
      outcome.failure = failure;
      outcome.destination_failed = false;
    }
  }
  return outcome;
}

void DiskWork::back_up_to_destination(const BackupJob& job, BackupOutcome& outcome,
                                      const OnBackupProgress& on_progress,
                                      const std::stop_token& stop) {
  outcome.destination_failed = true;
  reach_destination(job);
  outcome.destination_failed = false;
  // What a restore left half done is in no archive.
  recover_restore(storage_, job.request.database, log_kept_aside);
  if (is_unchanged(job)) return;
  outcome.made = run_backup(job.request, storage_, clock_, on_progress, stop);
  if (job.is_for_cloud) outcome.published = published(storage_, outcome.made->archive, stop);
}

void DiskWork::reach_destination(const BackupJob& job) {
  if (job.lost_destination.empty()) return make_destination(storage_, job.request.destination);
  if (!job.request.destination.empty()) {
    // No folder is made that perhaps nobody synchronises.
    try {
      storage_.list(job.request.destination);
      return;
    } catch (const Error&) {  // the other reason says more
    }
  }
  throw Error(ErrorCode::NotFound, job.lost_destination, "");
}

void DiskWork::back_up_to_outbox(const BackupJob& job, BackupOutcome& outcome,
                                 const OnBackupProgress& on_progress, const std::stop_token& stop) {
  recover_restore(storage_, job.request.database, log_kept_aside);
  BackupRequest request = job.request;
  request.destination = job.outbox;
  const auto waiting = outbox_content(storage_, job.outbox);
  const bool is_same = !waiting.empty() && !job.outbox_mark.empty() &&
                       current_change_mark(request, storage_, clock_.now()) == job.outbox_mark;
  if (!is_same) {
    // More than an archive ever takes, but for its side files.
    expect_room_in_outbox(storage_, job.outbox, file_bytes(request.database));
    outcome.made = run_backup(request, storage_, clock_, on_progress, stop);
    thin_outbox(storage_, job.outbox);
  }
  outcome.is_in_outbox = true;
}

// Whatever stands in the way of telling is met again, and told of, when the archive is made.
bool DiskWork::is_unchanged(const BackupJob& job) {
  if (!job.last_archive || job.last_archive->change_mark.empty()) return false;
  try {
    return is_as_it_was(*job.last_archive) &&
           current_change_mark(job.request, storage_, clock_.now()) ==
               job.last_archive->change_mark;
  } catch (const Error&) {
    return false;
  }
}

// Not opened: it may be in the cloud only by now, which makes it no worse.
bool DiskWork::is_as_it_was(const BackupJob::LastArchive& archive) {
  const std::vector<StoredEntry> entries = storage_.list(archive.file.parent_path());
  const auto found = std::ranges::find(entries, archive.file.filename(), &StoredEntry::name);
  return found != entries.end() && found->kind == StoredEntry::Kind::File &&
         found->size == archive.bytes;
}

ScanOutcome DiskWork::scan(const ScanJob& job, const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  ScanOutcome outcome;
  try {
    outcome.found = scan_destination(storage_, job.destination, {job.dataset, job.database_name},
                                     zone_, job.known, stop);
    outcome.moved = moved_here(job, outcome.found);
    for (const Error& failure :
         sweep_unfinished(storage_, job.destination, job.dataset, job.host)) {
      spdlog::warn("{}: {}", job.dataset, failure.line());
    }
  } catch (...) {
    outcome.failure = current_failure();
    if (outcome.failure->code() == ErrorCode::NotFound && has_drive(job.destination)) {
      outcome.failure.reset();
    }
  }
  return outcome;
}

// Where it cannot be told whether an archive is at its former place, it was not moved.
std::vector<std::string> DiskWork::moved_here(const ScanJob& job,
                                              const std::vector<ArchiveRecord>& found) {
  std::map<std::filesystem::path, std::optional<std::set<std::string>>> former;
  std::vector<std::string> moved;
  for (const ArchiveRecord& archive : found) {
    const auto place = job.elsewhere.find(archive.file_name);
    if (place == job.elsewhere.end()) continue;
    const auto [names, is_new] = former.try_emplace(place->second);
    if (is_new) names->second = names_in(place->second);
    if (names->second && !names->second->contains(archive.file_name)) {
      moved.push_back(archive.file_name);
    }
  }
  return moved;
}

// Nothing where that cannot be told.
std::optional<std::set<std::string>> DiskWork::names_in(const std::filesystem::path& folder) {
  try {
    std::set<std::string> names;
    for (const StoredEntry& entry : storage_.list(folder)) names.insert(path_text(entry.name));
    return names;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::NotFound || !has_drive(folder)) return std::nullopt;
    return std::set<std::string>();
  }
}

// A folder that was taken away holds nothing. One on a drive that is not there may hold it all.
bool DiskWork::has_drive(const std::filesystem::path& folder) {
  try {
    storage_.free_bytes(folder.root_path());
    return true;
  } catch (const Error&) {
    return false;
  }
}

DeleteOutcome DiskWork::remove(const std::filesystem::path& destination,
                               const std::vector<std::string>& file_names) noexcept {
  DeleteOutcome outcome;
  for (const std::string& file_name : file_names) {
    try {
      storage_.remove(destination / text_path(file_name));
      outcome.deleted.push_back(file_name);
    } catch (...) {
      const Error failure = current_failure();
      if (failure.code() == ErrorCode::NotFound) {
        outcome.deleted.push_back(file_name);
      } else if (!outcome.failure) {
        outcome.failure = failure;
      }
    }
  }
  return outcome;
}

Delivery DiskWork::deliver(const std::filesystem::path& outbox,
                           const std::filesystem::path& destination,
                           const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  try {
    return deliver_outbox(storage_, outbox, destination, stop);
  } catch (...) {
    return {.delivered = {}, .failure = current_failure()};
  }
}

CheckOutcome DiskWork::check(const std::filesystem::path& archive,
                             const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  CheckOutcome outcome;
  try {
    const ArchiveReader reader(storage_, archive);
    const VerifyReport report = verify_archive(reader, {}, stop);
    if (report.is_good()) {
      outcome.good = reader.manifest();
    } else {
      outcome.fault = report.faults.front();
    }
  } catch (...) {
    const Error failure = current_failure();
    if (failure.code() == ErrorCode::ArchiveInvalid ||
        failure.code() == ErrorCode::ArchiveDamaged) {
      outcome.fault = failure.what();
    } else {
      outcome.failure = failure;
    }
  }
  return outcome;
}

ComparedCopies DiskWork::set_aside(const std::filesystem::path& destination,
                                   const std::vector<ConflictCopy>& copies,
                                   const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  ComparedCopies outcome;
  try {
    outcome = set_aside_copies(storage_, destination, copies, stop);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

CloudOutcome DiskWork::look_at_cloud(const CloudJob& job, const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  CloudOutcome outcome;
  const CloudProviderFacts provider = cloud_.provider(job.destination);
  for (const CloudJob::Archive& archive : job.archives) {
    if (stop.stop_requested()) break;
    try {
      outcome.tracks[archive.file_name] = track_after_look(job, archive, provider, stop);
    } catch (...) {
      if (!outcome.failure) outcome.failure = current_failure();
    }
  }
  return outcome;
}

UploadTrack DiskWork::track_after_look(const CloudJob& job, const CloudJob::Archive& archive,
                                       const CloudProviderFacts& provider,
                                       const std::stop_token& stop) {
  const std::filesystem::path file = job.destination / text_path(archive.file_name);
  const Time now = clock_.now();
  const CloudSight sight =
      judge(cloud_.look(file), provider, signals_of(job, archive.file_name), archive.written, now);
  const ArchiveContent content = wants_content_check(archive.track, sight, now)
                                     ? content_of(file, archive.hash, stop)
                                     : ArchiveContent::NotChecked;
  return next_track(archive.track, sight, content, now);
}

// Where no hash is known the archive itself has to prove what is in it.
ArchiveContent DiskWork::content_of(const std::filesystem::path& file, const std::string& hash,
                                    const std::stop_token& stop) {
  bool is_same = false;
  if (hash.empty()) {
    const CheckOutcome checked = check(file, stop);
    if (checked.failure) throw Error(*checked.failure);
    is_same = checked.good.has_value();
  } else {
    const auto stop_if_asked = [&stop](std::size_t) {
      if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The look was cancelled.", "");
    };
    is_same = file_hash(*storage_.open(file), stop_if_asked) == hash;
  }
  return is_same ? ArchiveContent::Same : ArchiveContent::Different;
}

RestoreOutcome DiskWork::restore(const RestoreRequest& request,
                                 const OnRestoreProgress& on_progress,
                                 const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Waited);
  RestoreOutcome outcome;
  try {
    make_destination(storage_, request.safety.destination);
    outcome.restored = run_restore(request, storage_, clock_, on_progress, stop);
    if (!outcome.restored->made_since.empty()) log_kept_aside(outcome.restored->made_since);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

RecoverOutcome DiskWork::recover(const std::filesystem::path& database) noexcept {
  RecoverOutcome outcome;
  try {
    outcome.recovery = recover_restore(storage_, database, log_kept_aside);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

PreviewOutcome DiskWork::preview(const PreviewJob& job, const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Waited);
  PreviewOutcome outcome;
  try {
    const auto source = open_restore_source(
        storage_,
        {.archive = job.archive, .database = job.target.database, .scratch = job.scratch});
    outcome.told =
        preview_json(*source, restore_preview(*source, job.target, storage_, job.rows, stop));
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

DrillOutcome DiskWork::drill(const DrillJob& job, const ArchiveProgress& on_progress,
                             const std::stop_token& stop) noexcept {
  set_thread_priority(job.priority);
  DrillOutcome outcome;
  try {
    run_drill({.archive = job.archive, .scratch = job.scratch, .counts = job.counts}, storage_,
              on_progress, stop);
  } catch (...) {
    outcome.failure = current_failure();
    // The disk of the scratch place may be at fault, or a count that is counted otherwise by now:
    // a good archive is not to be given up for that.
    outcome.archive_fault = check(job.archive, stop).fault;
  }
  return outcome;
}

InspectOutcome DiskWork::inspect(const std::filesystem::path& database,
                                 const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  InspectOutcome outcome;
  try {
    outcome.damage = inspect_database(database, stop);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

}  // namespace holdfast
