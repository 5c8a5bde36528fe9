#pragma once

#include <set>

#include "service/jobs/work.h"
#include "service/platform/cloud_files.h"
#include "service/platform/storage.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// The real work, on real disks.
class DiskWork final : public Work {
 public:
  DiskWork(Storage& storage, const Clock& clock, const TimeZone& zone, CloudFiles& cloud)
      : storage_(storage), clock_(clock), zone_(zone), cloud_(cloud) {}

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
  void back_up_to_destination(const BackupJob& job, BackupOutcome& outcome,
                              const OnBackupProgress& on_progress, const std::stop_token& stop);
  void back_up_to_outbox(const BackupJob& job, BackupOutcome& outcome,
                         const OnBackupProgress& on_progress, const std::stop_token& stop);
  void reach_destination(const BackupJob& job);
  bool is_unchanged(const BackupJob& job);
  bool is_as_it_was(const BackupJob::LastArchive& archive);
  bool has_drive(const std::filesystem::path& folder);
  std::vector<std::string> moved_here(const ScanJob& job, const std::vector<ArchiveRecord>& found);
  std::optional<std::set<std::string>> names_in(const std::filesystem::path& folder);
  UploadTrack track_after_look(const CloudJob& job, const CloudJob::Archive& archive,
                               const CloudProviderFacts& provider, const std::stop_token& stop);
  ArchiveContent content_of(const std::filesystem::path& file, const std::string& hash,
                            const std::stop_token& stop);

  Storage& storage_;
  const Clock& clock_;
  const TimeZone& zone_;
  CloudFiles& cloud_;
};

}  // namespace holdfast
