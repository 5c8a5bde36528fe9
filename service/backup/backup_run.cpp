#include "service/backup/backup_run.h"

#include <sqlite3.h>
#include <version.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <optional>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_writer.h"
#include "service/archive/verify_archive.h"
#include "service/backup/change_mark.h"
#include "service/backup/count_query.h"
#include "service/backup/database_backup.h"
#include "service/backup/destination.h"
#include "service/backup/side_file_content.h"
#include "service/backup/side_files.h"
#include "service/backup/unfinished_archive.h"
#include "service/platform/user_rights.h"
#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

using WritersWait = DatabaseBackup::WritersWait;

constexpr std::chrono::seconds kFirstPause = 1s;
constexpr std::chrono::seconds kLongestPause = 64s;

// An archive on its way.
struct Output {
  Output(Storage& storage, const std::filesystem::path& destination, const ArchiveName& name)
      : file(storage, destination, name), writer(file.file(), name.taken_at) {}

  UnfinishedArchive file;
  ArchiveWriter writer;
};

// One attempt, from the names to the published archive.
class Attempt {
 public:
  Attempt(const BackupRequest& request, Storage& storage, const Clock& clock,
          const OnBackupProgress& on_progress, const std::stop_token& stop,
          WritersWait writers_wait)
      : request_(request),
        storage_(storage),
        on_progress_(on_progress),
        stop_(stop),
        writers_wait_(writers_wait),
        name_{.dataset = request.dataset,
              .taken_at = clock.now(),
              .host = archive_host(request.host),
              .kind = request.kind} {}

  BackupResult run() {
    try {
      return make_archive();
    } catch (const Error&) {
      // Whatever a stop broke off, the user hears of the stop.
      stop_if_asked();
      throw;
    }
  }

  ~Attempt() { abandon_.request_stop(); }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

 private:
  BackupResult make_archive() {
    make_destination(storage_, request_.destination);
    // What stays is in nobody's way, and told of when the destination is looked through.
    sweep_unfinished(storage_, request_.destination, request_.dataset, request_.host);
    const std::vector<SideFile> side =
        side_files(storage_, request_.database, request_.include, request_.letter_case);
    Manifest manifest = describe();
    main_ = std::make_unique<DatabaseBackup>(request_.database, manifest.database, writers_wait_);
    total_bytes_ = content_bytes(side);
    check_free_space();

    output_ = new_output();
    if (main_->can_be_checked_meanwhile()) check_main_in_background();
    read_main_database(manifest);
    if (!main_check_.valid()) check_main_in_background();
    for (const SideFile& file : side) read_side_file(file, output_->writer);
    output_->writer.finish(manifest);

    // What is read back comes out of the system's memory, flushed or not: so both at once.
    std::future<void> flushed = std::async(std::launch::async, [this] { output_->file.flush(); });
    verify(output_->file.path());
    flushed.get();
    refuse_damage(main_check_.get(), request_.database);
    stop_if_asked();
    const std::uint64_t bytes = output_->file.file().size();
    return {.archive = output_->file.publish(),
            .archive_bytes = bytes,
            .manifest = std::move(manifest),
            .change_mark = change_mark(source_, name_.taken_at)};
  }

  std::uint64_t content_bytes(const std::vector<SideFile>& side) const {
    return std::accumulate(side.begin(), side.end(), main_->bytes(),
                           [](std::uint64_t sum, const SideFile& file) { return sum + file.size; });
  }

  // An estimate only: a disk that is full after all is told of when it is met.
  void check_free_space() {
    std::uint64_t needed = total_bytes_ / 4;
    for (const StoredEntry& entry : storage_.list(request_.destination)) {
      const auto other = parse_archive_name(path_text(entry.name));
      if (other && other->dataset == name_.dataset && other->host == name_.host) {
        needed = entry.size + entry.size / 8;
      }
    }
    const std::uint64_t free = storage_.free_bytes(request_.destination);
    if (free >= needed) return;
    throw Error(ErrorCode::DiskFull,
                "Cannot back up to " + path_text(request_.destination) + ": about " +
                    std::to_string(needed >> 20) + " MiB are needed and " +
                    std::to_string(free >> 20) + " MiB are free.",
                "Free some space or choose another destination.");
  }

  Manifest describe() const {
    return {.dataset = request_.dataset,
            .version = HOLDFAST_VERSION,
            .host = request_.host,
            .user = request_.user,
            .reason = request_.reason,
            .database = path_text(request_.database.filename()),
            .count_queries = request_.counts,
            .sqlite_version = sqlite3_libversion()};
  }

  std::unique_ptr<Output> new_output() const {
    return std::make_unique<Output>(storage_, request_.destination, name_);
  }

  void read_main_database(Manifest& manifest) {
    const auto on_read = [this](std::uint64_t bytes) { advance(bytes); };
    main_->write(output_->writer, on_read, request_.on_page);
    if (main_->needs_correction()) {
      auto corrected = new_output();
      main_->write_corrected(corrected->writer, on_read);
      output_ = std::move(corrected);
    }
    source_.databases[manifest.database] = main_->state();
    manifest.schema_hash = main_->schema_hash();
    manifest.counts = main_->counts(request_.counts, kCountLimit, stop_);
  }

  void check_main_in_background() {
    main_check_ =
        std::async(std::launch::async, [this, priority = thread_priority(), user = acting_as()] {
          const ActingAs acting(user);
          set_thread_priority(priority);
          return main_->integrity_faults(
              [this] { return stop_.stop_requested() || abandon_.stop_requested(); });
        });
  }

  void read_side_file(const SideFile& file, ArchiveWriter& writer) {
    const std::filesystem::path path = request_.database.parent_path() / text_path(file.name);
    const auto on_read = [this](std::uint64_t bytes) { advance(bytes); };
    if (file.is_database) {
      DatabaseBackup database(path, file.name, WritersWait::UntilArchived);
      database.write(writer, on_read);
      source_.databases[file.name] = database.state();
      refuse_damage(database.integrity_faults([this] { return stop_.stop_requested(); }), path);
      return;
    }
    source_.files.push_back(file);
    writer.add({.name = file.name, .expected_size = file.size},
               [&](const ArchiveWriter::Sink& sink) {
                 read_unchanging(storage_, path, [&](std::span<const std::byte> bytes) {
                   sink(bytes);
                   on_read(bytes.size());
                 });
               });
  }

  // The archive as it is on the disk, every byte of it.
  void verify(const std::filesystem::path& archive_path) {
    const ArchiveReader archive(storage_, archive_path);
    const VerifyReport report = verify_archive(
        archive,
        [this](std::uint64_t done, std::uint64_t total) {
          tell({BackupPhase::Verifying, done, total});
        },
        stop_);
    if (!report.is_good()) {
      throw Error(ErrorCode::ArchiveDamaged,
                  "The new archive is not what was read: " + report.faults.front(),
                  "Check the disk of the destination.");
    }
    tell({BackupPhase::Checking, 0, 0});
  }

  static void refuse_damage(const std::string& faults, const std::filesystem::path& database) {
    if (faults.empty()) return;
    throw Error(ErrorCode::DatabaseDamaged,
                path_text(database) + " is damaged: " + faults.substr(0, faults.find('\n')) + ".",
                "Restore the newest good archive; the archives that there are were kept.");
  }

  void advance(std::uint64_t bytes) {
    stop_if_asked();
    done_bytes_ += bytes;
    if (done_bytes_ - told_bytes_ < kBlockBytes) return;
    told_bytes_ = done_bytes_;
    tell({BackupPhase::Reading, done_bytes_, std::max(done_bytes_, total_bytes_)});
  }

  void tell(const BackupProgress& progress) const {
    if (on_progress_) on_progress_(progress);
  }

  void stop_if_asked() const {
    if (!stop_.stop_requested()) return;
    throw Error(ErrorCode::Cancelled, "The backup was cancelled.", "Nothing was changed.");
  }

  const BackupRequest& request_;
  Storage& storage_;
  const OnBackupProgress& on_progress_;
  const std::stop_token& stop_;
  const WritersWait writers_wait_;
  const ArchiveName name_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t done_bytes_ = 0;
  std::uint64_t told_bytes_ = 0;
  std::stop_source abandon_;
  SourceState source_;
  std::unique_ptr<Output> output_;
  std::unique_ptr<DatabaseBackup> main_;
  std::future<std::string> main_check_;
};

bool is_worth_another_try(ErrorCode code) {
  return code == ErrorCode::DatabaseBusy || code == ErrorCode::SourceChanged ||
         code == ErrorCode::FileBusy;
}

}  // namespace

std::string_view name(BackupPhase phase) {
  switch (phase) {
    case BackupPhase::Reading: return "reading";
    case BackupPhase::Verifying: return "verifying";
    case BackupPhase::Checking: break;
  }
  return "checking";
}

BackupResult run_backup(const BackupRequest& request, Storage& storage, const Clock& clock,
                        const OnBackupProgress& on_progress, const std::stop_token& stop) {
  std::chrono::seconds pause = kFirstPause;
  for (int retry = 0; retry < request.retries; ++retry) {
    try {
      return Attempt(request, storage, clock, on_progress, stop, WritersWait::ForAComparison).run();
    } catch (const Error& error) {
      if (!is_worth_another_try(error.code())) throw;
    }
    clock.wait(pause, stop);
    pause = std::min(2 * pause, kLongestPause);
  }
  return Attempt(request, storage, clock, on_progress, stop, WritersWait::UntilArchived).run();
}

std::vector<Error> sweep_unfinished(Storage& storage, const std::filesystem::path& destination,
                                    std::string_view dataset, std::string_view host) {
  std::vector<Error> failures;
  for (const StoredEntry& entry : storage.list(destination)) {
    const auto unfinished = parse_unfinished_name(path_text(entry.name));
    if (!unfinished || entry.kind != StoredEntry::Kind::File) continue;
    if (unfinished->dataset != dataset || unfinished->host != archive_host(host)) continue;
    // OneDrive uploads no such file; whatever else it is, it is not downloaded to be swept.
    if (!entry.is_local) continue;
    try {
      if (storage.is_being_written(destination / entry.name)) continue;
      storage.remove(destination / entry.name);
    } catch (const Error& error) {
      // Somebody else may sweep here, too.
      if (error.code() != ErrorCode::NotFound) failures.push_back(error);
    }
  }
  return failures;
}

}  // namespace holdfast
