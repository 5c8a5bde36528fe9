#pragma once

#include <memory>

#include "service/jobs/work.h"
#include "service/platform/user_rights.h"

namespace holdfast {

// Does all of it with the rights of a user, and nothing where these cannot be had.
class UserWork final : public Work {
 public:
  // The work must outlive it.
  UserWork(Work& work, std::shared_ptr<const UserRights> rights);

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
  Work& work_;
  std::shared_ptr<const UserRights> rights_;
};

}  // namespace holdfast
