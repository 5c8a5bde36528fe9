#include "service/backup/backup_run.h"

#include <sqlite3.h>
#include <version.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_name.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/archive_writer.h"
#include "service/archive/verify_archive.h"
#include "service/backup/database_snapshot.h"
#include "service/backup/integrity_check.h"
#include "service/backup/side_file_content.h"
#include "service/backup/side_files.h"
#include "service/backup/unfinished_archive.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::seconds, 3> kRetryPauses{1s, 2s, 4s};
constexpr std::chrono::seconds kCountLimit = 10s;

// One attempt, from the names to the published archive.
class Attempt {
 public:
  Attempt(const BackupRequest& request, Storage& storage, const Clock& clock,
          const OnBackupProgress& on_progress, const std::stop_token& stop)
      : request_(request),
        storage_(storage),
        on_progress_(on_progress),
        stop_(stop),
        name_{.dataset = request.dataset,
              .taken_at = clock.now(),
              .host = archive_host(request.host)} {}

  BackupResult run() {
    storage_.create_folders(request_.destination);
    sweep_unfinished(storage_, request_.destination, request_.dataset, request_.host);
    const std::vector<SideFile> side =
        side_files(storage_, request_.database, request_.include, request_.letter_case);
    auto snapshot = std::make_unique<DatabaseSnapshot>(request_.database);
    main_is_checked_at_its_source_ = !snapshot->blocks_writers();
    total_bytes_ = content_bytes(*snapshot, side);
    check_free_space();

    UnfinishedArchive unfinished(storage_, request_.destination, name_);
    Manifest manifest = describe();
    ArchiveWriter writer(unfinished.file(), name_.taken_at);
    read_main_database(*snapshot, writer, manifest);
    // In WAL mode the snapshot costs nobody anything, and is checked while the rest is written.
    std::future<std::string> source_check = check_in_background(std::move(snapshot));
    for (const SideFile& file : side) read_side_file(file, writer);
    writer.finish(manifest);
    unfinished.complete();

    verify(unfinished.path());
    if (source_check.valid()) refuse_damage(source_check.get(), request_.database);
    stop_if_asked();
    const std::uint64_t bytes = storage_.open(unfinished.path())->size();
    return {
        .archive = unfinished.publish(), .archive_bytes = bytes, .manifest = std::move(manifest)};
  }

 private:
  static std::uint64_t content_bytes(const DatabaseSnapshot& snapshot,
                                     const std::vector<SideFile>& side) {
    const std::uint64_t database = snapshot.page_count() * snapshot.page_size();
    return std::accumulate(side.begin(), side.end(), database,
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
            .sqlite_version = sqlite3_libversion()};
  }

  void read_main_database(DatabaseSnapshot& snapshot, ArchiveWriter& writer, Manifest& manifest) {
    manifest.counts = snapshot.counts(request_.counts, kCountLimit);
    manifest.schema_hash = snapshot.schema_hash();
    read_database(snapshot, manifest.database, writer);
  }

  void read_database(DatabaseSnapshot& snapshot, const std::string& entry_name,
                     ArchiveWriter& writer) {
    const NewEntry entry{.name = entry_name,
                         .kind = ManifestEntry::Kind::Database,
                         .expected_size = snapshot.page_count() * snapshot.page_size(),
                         .page_size = snapshot.page_size()};
    writer.add(entry, [&](const ArchiveWriter::Sink& sink) {
      snapshot.read_pages([&](std::span<const std::byte> page) {
        sink(page);
        advance(page.size());
      });
      if (snapshot.blocks_writers()) snapshot.close();
    });
  }

  void read_side_file(const SideFile& file, ArchiveWriter& writer) {
    const std::filesystem::path path = request_.database.parent_path() / text_path(file.name);
    if (file.is_database) {
      DatabaseSnapshot snapshot(path);
      return read_database(snapshot, file.name, writer);
    }
    writer.add({.name = file.name, .expected_size = file.size},
               [&](const ArchiveWriter::Sink& sink) {
                 read_unchanging(storage_, path, [&](std::span<const std::byte> bytes) {
                   sink(bytes);
                   advance(bytes.size());
                 });
               });
  }

  static std::future<std::string> check_in_background(std::unique_ptr<DatabaseSnapshot> snapshot) {
    if (snapshot->blocks_writers()) return {};
    return std::async(std::launch::async,
                      [snapshot = std::move(snapshot)] { return snapshot->integrity_faults(); });
  }

  // The archive as it is on the disk: every byte of it, and the databases that were not checked at
  // their source.
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
    for (std::size_t entry = 0; entry < archive.entries().size(); ++entry) {
      if (needs_check(archive.entries()[entry])) check_archived(archive, entry);
    }
  }

  bool needs_check(const ManifestEntry& entry) const {
    if (entry.kind != ManifestEntry::Kind::Database) return false;
    return entry.name != path_text(request_.database.filename()) || !main_is_checked_at_its_source_;
  }

  void check_archived(const ArchiveReader& archive, std::size_t entry) const {
    const std::filesystem::path source =
        request_.database.parent_path() / text_path(archive.entries()[entry].name);
    const ArchiveDatabase database(archive, entry);
    refuse_damage(integrity_faults(source, database.handle()), source);
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
  const ArchiveName name_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t done_bytes_ = 0;
  std::uint64_t told_bytes_ = 0;
  bool main_is_checked_at_its_source_ = false;
};

bool is_worth_another_try(ErrorCode code) {
  return code == ErrorCode::DatabaseBusy || code == ErrorCode::SourceChanged;
}

void wait(std::chrono::seconds pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait_for(lock, stop, pause, [] { return false; });
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
  for (const std::chrono::seconds pause : kRetryPauses) {
    try {
      return Attempt(request, storage, clock, on_progress, stop).run();
    } catch (const Error& error) {
      if (!is_worth_another_try(error.code())) throw;
    }
    wait(pause, stop);
  }
  return Attempt(request, storage, clock, on_progress, stop).run();
}

void sweep_unfinished(Storage& storage, const std::filesystem::path& destination,
                      std::string_view dataset, std::string_view host) {
  for (const StoredEntry& entry : storage.list(destination)) {
    const auto unfinished = parse_unfinished_name(path_text(entry.name));
    if (!unfinished || entry.kind != StoredEntry::Kind::File) continue;
    if (unfinished->dataset != dataset || unfinished->host != archive_host(host)) continue;
    if (!storage.is_being_written(destination / entry.name)) {
      storage.remove(destination / entry.name);
    }
  }
}

}  // namespace holdfast
