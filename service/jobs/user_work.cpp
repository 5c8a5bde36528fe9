#include "service/jobs/user_work.h"

#include <type_traits>
#include <utility>

#include "service/jobs/current_failure.h"

namespace holdfast {
namespace {

auto done_as(const UserRights* user, const auto& job) noexcept {
  using Outcome = std::invoke_result_t<decltype(job)>;
  try {
    const ActingAs acting(user);
    return job();
  } catch (...) {
    Outcome outcome;
    outcome.failure = current_failure();
    return outcome;
  }
}

}  // namespace

UserWork::UserWork(Work& work, std::shared_ptr<const UserRights> rights)
    : work_(work), rights_(std::move(rights)) {}

BackupOutcome UserWork::back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.back_up(job, on_progress, stop); });
}

ScanOutcome UserWork::scan(const ScanJob& job, const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.scan(job, stop); });
}

DeleteOutcome UserWork::remove(const std::filesystem::path& destination,
                               const std::vector<std::string>& file_names) noexcept {
  return done_as(rights_.get(), [&] { return work_.remove(destination, file_names); });
}

Delivery UserWork::deliver(const std::filesystem::path& outbox,
                           const std::filesystem::path& destination,
                           const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.deliver(outbox, destination, stop); });
}

CheckOutcome UserWork::check(const std::filesystem::path& archive,
                             const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.check(archive, stop); });
}

ComparedCopies UserWork::set_aside(const std::filesystem::path& destination,
                                   const std::vector<ConflictCopy>& copies,
                                   const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.set_aside(destination, copies, stop); });
}

CloudOutcome UserWork::look_at_cloud(const CloudJob& job, const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.look_at_cloud(job, stop); });
}

RestoreOutcome UserWork::restore(const RestoreRequest& request,
                                 const OnRestoreProgress& on_progress,
                                 const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.restore(request, on_progress, stop); });
}

RecoverOutcome UserWork::recover(const std::filesystem::path& database) noexcept {
  return done_as(rights_.get(), [&] { return work_.recover(database); });
}

PreviewOutcome UserWork::preview(const PreviewJob& job, const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.preview(job, stop); });
}

DrillOutcome UserWork::drill(const DrillJob& job, const ArchiveProgress& on_progress,
                             const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.drill(job, on_progress, stop); });
}

InspectOutcome UserWork::inspect(const std::filesystem::path& database,
                                 const std::stop_token& stop) noexcept {
  return done_as(rights_.get(), [&] { return work_.inspect(database, stop); });
}

}  // namespace holdfast
