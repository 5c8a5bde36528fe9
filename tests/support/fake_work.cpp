#include "tests/support/fake_work.h"

#include "service/archive/archive_name.h"

namespace holdfast {

BackupOutcome FakeWork::back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept {
  BackupOutcome outcome;
  jobs.push_back(job);
  try {
    before_backup(job);
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The backup was cancelled.", "");
    auto& folder = disk[job.request.destination];
    if (job.last_archive && job.last_archive->change_mark == state &&
        folder.contains(path_text(job.last_archive->file.filename()))) {
      return outcome;
    }
    on_progress({BackupPhase::Verifying, 50, 100});
    ArchiveName name{
        .dataset = job.request.dataset, .taken_at = now(), .host = archive_host(job.request.host)};
    while (folder.contains(archive_file_name(name))) ++name.counter;
    const Manifest manifest{.dataset = job.request.dataset,
                            .created_at = name.taken_at,
                            .host = job.request.host,
                            .reason = job.request.reason,
                            .counts = counts};
    const std::string file_name = archive_file_name(name);
    folder[file_name] = {manifest, 1000};
    outcome.made = BackupResult{.archive = job.request.destination / text_path(file_name),
                                .archive_bytes = 1000,
                                .manifest = manifest,
                                .change_mark = state};
  } catch (const Error& error) {
    outcome.failure = error;
  }
  return outcome;
}

ScanOutcome FakeWork::scan(const ScanJob& job, const std::stop_token&) noexcept {
  ScanOutcome outcome{.failure = scan_failure};
  if (scan_failure) return outcome;
  for (const auto& [file_name, archive] : disk[job.destination]) {
    const auto name = parse_archive_name(file_name);
    if (!name || name->dataset != job.dataset) continue;
    outcome.found.push_back({.destination = path_text(job.destination),
                             .file_name = file_name,
                             .kind = name->kind,
                             .host = name->host,
                             .taken_at = name->taken_at,
                             .bytes = archive.bytes,
                             .counts = archive.manifest.counts});
  }
  return outcome;
}

DeleteOutcome FakeWork::remove(const std::filesystem::path& destination,
                               const std::vector<std::string>& file_names) noexcept {
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
  CheckOutcome outcome;
  const std::string file_name = path_text(archive.filename());
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

std::stop_source PatientWorkers::start(Task task) {
  tasks_.emplace_back(std::move(task), std::stop_source());
  return tasks_.back().second;
}

void PatientWorkers::do_one() {
  const auto [task, stop] = std::move(tasks_.front());
  tasks_.pop_front();
  const Done done = task(stop.get_token());
  for (const auto& what : std::exchange(posted_, {})) what();
  if (done) done();
}

}  // namespace holdfast
