#pragma once

#include "service/jobs/work.h"
#include "service/platform/storage.h"
#include "service/platform/time_zone.h"

namespace holdfast {

// The real work, on real disks.
class DiskWork final : public Work {
 public:
  DiskWork(Storage& storage, const Clock& clock, const TimeZone& zone)
      : storage_(storage), clock_(clock), zone_(zone) {}

  BackupOutcome back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                        const std::stop_token& stop) noexcept override;
  ScanOutcome scan(const ScanJob& job, const std::stop_token& stop) noexcept override;
  DeleteOutcome remove(const std::filesystem::path& destination,
                       const std::vector<std::string>& file_names) noexcept override;
  CheckOutcome check(const std::filesystem::path& archive,
                     const std::stop_token& stop) noexcept override;
  RestoreOutcome restore(const RestoreRequest& request, const OnRestoreProgress& on_progress,
                         const std::stop_token& stop) noexcept override;
  RecoverOutcome recover(const std::filesystem::path& database) noexcept override;
  PreviewOutcome preview(const PreviewJob& job, const std::stop_token& stop) noexcept override;
  DrillOutcome drill(const DrillJob& job, const ArchiveProgress& on_progress,
                     const std::stop_token& stop) noexcept override;
  InspectOutcome inspect(const std::filesystem::path& database,
                         const std::stop_token& stop) noexcept override;

 private:
  bool is_unchanged(const BackupJob& job);
  bool has_drive(const std::filesystem::path& folder);

  Storage& storage_;
  const Clock& clock_;
  const TimeZone& zone_;
};

}  // namespace holdfast
