#include "service/jobs/disk_work.h"

#include <exception>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/verify_archive.h"
#include "service/backup/change_mark.h"
#include "service/backup/database_inspection.h"
#include "service/backup/destination.h"
#include "service/catalog/destination_scan.h"
#include "service/restore/drill_run.h"
#include "service/restore/preview_json.h"
#include "service/restore/restore_source.h"

namespace holdfast {
namespace {

// The failure that is being handled, as the one kind that people can read.
Error current_failure() {
  try {
    throw;
  } catch (const Error& failure) {
    return failure;
  } catch (const std::exception& surprise) {
    return {ErrorCode::Internal, std::string("An unexpected failure: ") + surprise.what(),
            "See the service's log."};
  }
}

}  // namespace

BackupOutcome DiskWork::back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept {
  BackupOutcome outcome;
  set_thread_priority(job.priority);
  try {
    outcome.destination_failed = true;
    make_destination(storage_, job.request.destination);
    outcome.destination_failed = false;
    // What a restore left half done is in no archive.
    recover_restore(storage_, job.request.database);
    if (is_unchanged(job)) return outcome;
    outcome.made = run_backup(job.request, storage_, clock_, on_progress, stop);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

// Whatever stands in the way of telling is met again, and told of, when the archive is made.
bool DiskWork::is_unchanged(const BackupJob& job) {
  if (!job.last_archive || job.last_archive->change_mark.empty()) return false;
  try {
    return storage_.open(job.last_archive->file)->size() == job.last_archive->bytes &&
           current_change_mark(job.request, storage_, clock_.now()) ==
               job.last_archive->change_mark;
  } catch (const Error&) {
    return false;
  }
}

ScanOutcome DiskWork::scan(const ScanJob& job, const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Background);
  ScanOutcome outcome;
  try {
    outcome.found = scan_destination(storage_, job.destination, {job.dataset, job.database_name},
                                     zone_, job.known, stop);
    sweep_unfinished(storage_, job.destination, job.dataset, job.host);
  } catch (...) {
    outcome.failure = current_failure();
    if (outcome.failure->code() == ErrorCode::NotFound && has_drive(job.destination)) {
      outcome.failure.reset();
    }
  }
  return outcome;
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

RestoreOutcome DiskWork::restore(const RestoreRequest& request,
                                 const OnRestoreProgress& on_progress,
                                 const std::stop_token& stop) noexcept {
  set_thread_priority(WorkPriority::Waited);
  RestoreOutcome outcome;
  try {
    make_destination(storage_, request.safety.destination);
    outcome.restored = run_restore(request, storage_, clock_, on_progress, stop);
  } catch (...) {
    outcome.failure = current_failure();
  }
  return outcome;
}

RecoverOutcome DiskWork::recover(const std::filesystem::path& database) noexcept {
  RecoverOutcome outcome;
  try {
    outcome.recovery = recover_restore(storage_, database);
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
