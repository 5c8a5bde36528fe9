#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/path_text.h"
#include "service/jobs/work.h"
#include "service/jobs/workers.h"

namespace holdfast {

// A disk that holds archives and nothing else, and databases that are nothing but a number that
// changes. A test says what goes wrong. Several threads may have it work at once.
class FakeWork final : public Work {
 public:
  struct Archive {
    Manifest manifest;
    std::uint64_t bytes = 1000;
    std::string content = "as it was made";
    bool is_local = true;
  };
  // destination -> file name -> archive
  std::map<std::filesystem::path, std::map<std::string, Archive>> disk;
  std::map<std::string, std::int64_t> counts;  // what each backup counts
  std::string state = "1";                     // of every database
  std::function<void()> on_job = [] {};        // each that is begun, on its thread
  std::function<void(const BackupJob&)> before_backup = [](const BackupJob&) {};  // may throw Error
  std::optional<Error> scan_failure;
  std::optional<Error> destination_failure;  // backups wait in the outbox then
  std::function<Time()> now;
  std::vector<BackupJob> jobs;            // that were done
  std::vector<std::string> removed;       // file names, in their order
  std::vector<std::string> checked;       // the same
  std::vector<std::string> compared;      // the same, of conflict copies
  std::set<std::string> broken_archives;  // file names
  // Before anything is done, and when nothing can stop it any more; both may throw Error.
  std::function<void()> before_restore = [] {};
  std::function<void()> in_restore = [] {};
  bool can_archive_what_is_there = true;
  std::vector<RestoreRequest> restores;  // that were begun
  nlohmann::json preview_told;           // beside the archive's name
  Recovery recovery = Recovery::Nothing;
  std::optional<Error> recovery_failure;
  std::vector<std::string> drilled;    // file names, in their order
  std::optional<Error> drill_failure;  // for which no archive is to blame
  // What a cloud tells of any archive.
  CloudFileFacts cloud{.answer = CloudFileFacts::Answer::Plain};
  CloudProviderFacts cloud_provider{.answer = CloudProviderFacts::Answer::Registered};
  std::chrono::seconds in_cloud_after{0};  // that they were made, and no sooner
  std::optional<Error> cloud_failure;      // why nothing can be told of any archive
  std::vector<CloudJob> cloud_looks;       // that were taken
  std::string damage;                      // of every database
  std::optional<Error> inspection_failure;
  int inspections = 0;

  BackupOutcome back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                        const std::stop_token& stop) noexcept override;
  ScanOutcome scan(const ScanJob& job, const std::stop_token& stop) noexcept override;
  DeleteOutcome remove(const std::filesystem::path& destination,
                       const std::vector<std::string>& file_names) noexcept override;
  Delivery deliver(const std::filesystem::path& outbox, const std::filesystem::path& destination,
                   const std::stop_token& stop) noexcept override;
  CheckOutcome check(const std::filesystem::path& archive,
                     const std::stop_token& stop) noexcept override;
  ComparedCopies set_aside(const std::filesystem::path& destination,
                           const std::vector<ConflictCopy>& copies,
                           const std::stop_token& stop) noexcept override;
  CloudOutcome look_at_cloud(const CloudJob& job, const std::stop_token& stop) noexcept override;
  RestoreOutcome restore(const RestoreRequest& request, const OnRestoreProgress& on_progress,
                         const std::stop_token& stop) noexcept override;
  RecoverOutcome recover(const std::filesystem::path& database) noexcept override;
  PreviewOutcome preview(const PreviewJob& job, const std::stop_token& stop) noexcept override;
  DrillOutcome drill(const DrillJob& job, const ArchiveProgress& on_progress,
                     const std::stop_token& stop) noexcept override;
  InspectOutcome inspect(const std::filesystem::path& database,
                         const std::stop_token& stop) noexcept override;

 private:
  BackupResult made(const BackupRequest& request);

  std::mutex mutex_;
};

// Does what it is given when the test says so, on the test's own thread.
class PatientWorkers final : public Workers {
 public:
  std::stop_source start(Task task) override;
  void post(std::function<void()> what) override { posted_.push_back(std::move(what)); }

  // What was posted by a task that is under way.
  void do_posted();
  // As if the process had ended.
  void forget_all() {
    tasks_.clear();
    posted_.clear();
  }
  std::size_t waiting() const { return tasks_.size(); }
  int starts_that_fail = 0;  // from now on
  // The one that was given first, and what follows from it on the agent's thread.
  void do_one();
  void do_all() {
    while (waiting() != 0) do_one();
  }

 private:
  std::deque<std::pair<Task, std::stop_source>> tasks_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace holdfast
