#include "tests/support/fake_work.h"

#include "service/archive/archive_name.h"
#include "service/archive/conflict_copy.h"

namespace holdfast {

BackupResult FakeWork::made(const BackupRequest& request) {
  auto& folder = disk[request.destination];
  ArchiveName name{.dataset = request.dataset,
                   .taken_at = now(),
                   .host = archive_host(request.host),
                   .kind = request.kind};
  while (folder.contains(archive_file_name(name))) ++name.counter;
  const Manifest manifest{.dataset = request.dataset,
                          .created_at = name.taken_at,
                          .host = request.host,
                          .reason = request.reason,
                          .counts = counts};
  const std::string file_name = archive_file_name(name);
  folder[file_name] = {manifest, 1000};
  return {.archive = request.destination / text_path(file_name),
          .archive_bytes = 1000,
          .manifest = manifest,
          .change_mark = state};
}

BackupOutcome FakeWork::back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept {
  on_job();
  BackupOutcome outcome;
  std::unique_lock at_work(mutex_);
  jobs.push_back(job);
  try {
    if (destination_failure) {
      outcome.destination_failed = true;
      BackupRequest request = job.request;
      request.destination = job.outbox;
      if (job.outbox_mark != state) outcome.made = made(request);
      outcome.is_in_outbox = true;
      throw Error(*destination_failure);
    }
    at_work.unlock();
    before_backup(job);
    at_work.lock();
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The backup was cancelled.", "");
    auto& folder = disk[job.request.destination];
    if (job.last_archive && job.last_archive->change_mark == state &&
        folder.contains(path_text(job.last_archive->file.filename()))) {
      return outcome;
    }
    on_progress({BackupPhase::Verifying, 50, 100});
    outcome.made = made(job.request);
    if (job.is_for_cloud) outcome.published = {.changed_at = 1, .hash = "hash"};
  } catch (const Error& error) {
    outcome.failure = error;
  }
  return outcome;
}

ScanOutcome FakeWork::scan(const ScanJob& job, const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  ScanOutcome outcome{.failure = scan_failure};
  if (scan_failure) return outcome;
  for (const auto& [file_name, archive] : disk[job.destination]) {
    auto name = parse_archive_name(file_name);
    if (!name || name->dataset != job.dataset) continue;
    const auto original = conflict_original(file_name, {.host = archive.manifest.host});
    if (original) name = original;
    outcome.found.push_back({.destination = path_text(job.destination),
                             .file_name = file_name,
                             .kind = name->kind,
                             .host = name->host,
                             .taken_at = name->taken_at,
                             .bytes = archive.bytes,
                             .counts = archive.manifest.counts,
                             .conflict_of = original ? archive_file_name(*original) : "",
                             .is_local = archive.is_local});
    const auto former = job.elsewhere.find(file_name);
    if (former != job.elsewhere.end() && !disk[former->second].contains(file_name)) {
      outcome.moved.push_back(file_name);
    }
  }
  return outcome;
}

Delivery FakeWork::deliver(const std::filesystem::path& outbox,
                           const std::filesystem::path& destination,
                           const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  Delivery delivery;
  for (auto& [file_name, archive] : std::exchange(disk[outbox], {})) {
    disk[destination][file_name] = std::move(archive);
    delivery.delivered.push_back(file_name);
  }
  return delivery;
}

DeleteOutcome FakeWork::remove(const std::filesystem::path& destination,
                               const std::vector<std::string>& file_names) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  DeleteOutcome outcome;
  for (const std::string& file_name : file_names) {
    disk[destination].erase(file_name);
    removed.push_back(file_name);
    outcome.deleted.push_back(file_name);
  }
  return outcome;
}

CheckOutcome FakeWork::check(const std::filesystem::path& archive,
                             const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  CheckOutcome outcome;
  const std::string file_name = path_text(archive.filename());
  checked.push_back(file_name);
  const auto& folder = disk[archive.parent_path()];
  const auto found = folder.find(file_name);
  if (found == folder.end()) {
    outcome.failure = Error(ErrorCode::NotFound, "There is no " + file_name + ".", "");
  } else if (broken_archives.contains(file_name)) {
    outcome.fault = file_name + " is damaged.";
  } else {
    outcome.good = found->second.manifest;
  }
  return outcome;
}

ComparedCopies FakeWork::set_aside(const std::filesystem::path& destination,
                                   const std::vector<ConflictCopy>& copies,
                                   const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  ComparedCopies outcome;
  auto& folder = disk[destination];
  for (const ConflictCopy& pair : copies) {
    compared.push_back(pair.copy);
    const std::string content = folder.at(pair.copy).content;
    const std::string original = folder.at(pair.original).content;
    const bool is_same = content == original;
    const bool is_aside = is_same && pair.if_same == ConflictCopy::IfSame::IsSetAside;
    outcome.compared.push_back({.copy = pair.copy,
                                .original = pair.original,
                                .copy_hash = content,
                                .original_hash = original,
                                .is_same = is_same,
                                .is_aside = is_aside});
    if (is_aside) disk[destination / text_path(kConflictsFolder)].insert(folder.extract(pair.copy));
  }
  return outcome;
}

CloudOutcome FakeWork::look_at_cloud(const CloudJob& job, const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  cloud_looks.push_back(job);
  CloudOutcome outcome{.failure = cloud_failure};
  if (cloud_failure) return outcome;
  for (const CloudJob::Archive& archive : job.archives) {
    CloudFileFacts facts = cloud;
    const auto& folder = disk[job.destination];
    const auto known = folder.find(archive.file_name);
    const bool is_on_its_way =
        known != folder.end() && now() - known->second.manifest.created_at < in_cloud_after;
    if (is_on_its_way) facts = {.answer = CloudFileFacts::Answer::Plain};
    facts.bytes = archive.written ? archive.written->bytes : 0;
    facts.changed_at = archive.written ? archive.written->changed_at : 0;
    const CloudSight sight = judge(facts, cloud_provider, job.tray, archive.written, now());
    outcome.tracks[archive.file_name] =
        next_track(archive.track, sight, ArchiveContent::Same, now());
  }
  return outcome;
}

RestoreOutcome FakeWork::restore(const RestoreRequest& request,
                                 const OnRestoreProgress& on_progress,
                                 const std::stop_token& stop) noexcept {
  on_job();
  RestoreOutcome outcome;
  std::unique_lock at_work(mutex_);
  restores.push_back(request);
  try {
    at_work.unlock();
    before_restore();
    at_work.lock();
    const auto& folder = disk.at(request.archive.parent_path());
    const auto archive = folder.find(path_text(request.archive.filename()));
    if (archive == folder.end()) throw Error(ErrorCode::NotFound, "It is gone.", "");
    const Manifest manifest = archive->second.manifest;
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The restore was cancelled.", "");
    RestoreResult result{.manifest = manifest};
    if (can_archive_what_is_there) {
      BackupRequest safety = request.safety;
      safety.kind = ArchiveName::Kind::Safety;
      result.saved = made(safety);
      result.safety_archive = result.saved.archive;
    } else {
      result.set_aside = request.target.database.parent_path() / "aside";
    }
    on_progress({RestorePhase::Restoring, 0, 0});
    at_work.unlock();
    in_restore();
    at_work.lock();
    counts = manifest.counts;
    state += "r";
    outcome.restored = result;
  } catch (const Error& error) {
    outcome.failure = error;
  }
  return outcome;
}

RecoverOutcome FakeWork::recover(const std::filesystem::path&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  if (recovery_failure) return {.failure = recovery_failure};
  return {.recovery = std::exchange(recovery, Recovery::Nothing)};
}

PreviewOutcome FakeWork::preview(const PreviewJob& job, const std::stop_token&) noexcept {
  on_job();
  PreviewOutcome outcome{.told = preview_told};
  outcome.told["archive"] = path_text(job.archive.filename());
  return outcome;
}

DrillOutcome FakeWork::drill(const DrillJob& job, const ArchiveProgress&,
                             const std::stop_token& stop) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  const std::string file_name = path_text(job.archive.filename());
  if (stop.stop_requested()) {
    return {.failure = Error(ErrorCode::Cancelled, "The drill was cancelled.", "")};
  }
  drilled.push_back(file_name);
  if (!broken_archives.contains(file_name)) return {.failure = drill_failure};
  const std::string fault = file_name + " cannot be restored.";
  return {.failure = Error(ErrorCode::ArchiveDamaged, fault, ""), .archive_fault = fault};
}

InspectOutcome FakeWork::inspect(const std::filesystem::path&, const std::stop_token&) noexcept {
  on_job();
  const std::lock_guard at_work(mutex_);
  ++inspections;
  return {.damage = damage, .failure = inspection_failure};
}

std::stop_source PatientWorkers::start(Task task) {
  if (starts_that_fail > 0) {
    --starts_that_fail;
    throw Error(ErrorCode::SystemCallFailed, "No thread can be started.", "Close programs.");
  }
  tasks_.emplace_back(std::move(task), std::stop_source());
  return tasks_.back().second;
}

void PatientWorkers::do_posted() {
  for (const auto& what : std::exchange(posted_, {})) what();
}

void PatientWorkers::do_one() {
  const auto [task, stop] = std::move(tasks_.front());
  tasks_.pop_front();
  const Done done = task(stop.get_token());
  do_posted();
  if (done) done();
}

}  // namespace holdfast
