#include "service/backup/backup_run.h"

#include <sqlite3.h>
#include <version.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <optional>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_name.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/archive_writer.h"
#include "service/archive/verify_archive.h"
#include "service/backup/count_query.h"
#include "service/backup/database_draft.h"
#include "service/backup/database_snapshot.h"
#include "service/backup/integrity_check.h"
#include "service/backup/side_file_content.h"
#include "service/backup/side_files.h"
#include "service/backup/sqlite_watch.h"
#include "service/backup/unfinished_archive.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::chrono::seconds, 3> kRetryPauses{1s, 2s, 4s};
constexpr std::chrono::seconds kCountLimit = 10s;
// A database of this size is checked in the archive as quickly as at its source; a larger one takes
// far longer there, so before that the whole attempt is made again.
constexpr std::uint64_t kQuicklyCheckedBytes = std::uint64_t{24} * 1024 * 1024;

enum class AnotherTry { Follows, DoesNotFollow };

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
          const OnBackupProgress& on_progress, const std::stop_token& stop, AnotherTry another_try)
      : request_(request),
        storage_(storage),
        on_progress_(on_progress),
        stop_(stop),
        another_try_(another_try),
        name_{.dataset = request.dataset,
              .taken_at = clock.now(),
              .host = archive_host(request.host)} {}

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
  // Empty when all is well; nothing when the source could not be checked for as long as it takes.
  using Faults = std::optional<std::string>;

  BackupResult make_archive() {
    storage_.create_folders(request_.destination);
    sweep_unfinished(storage_, request_.destination, request_.dataset, request_.host);
    const std::vector<SideFile> side =
        side_files(storage_, request_.database, request_.include, request_.letter_case);
    main_ = std::make_unique<DatabaseSnapshot>(request_.database, DatabaseSnapshot::Begin::Later);
    total_bytes_ = content_bytes(*main_, side);
    check_free_space();

    Manifest manifest = describe();
    auto output = std::make_unique<Output>(storage_, request_.destination, name_);
    if (main_->blocks_writers() && another_try_ == AnotherTry::Follows) {
      read_while_others_write(output, manifest);
    } else {
      read_main_database(output->writer, manifest);
    }
    for (const SideFile& file : side) read_side_file(file, output->writer);
    output->writer.finish(manifest);

    // What is read back comes out of the system's memory, flushed or not: so both at once.
    std::future<void> flushed = std::async(std::launch::async, [&] { output->file.flush(); });
    verify(output->file.path());
    flushed.get();
    stop_if_asked();
    const std::uint64_t bytes = storage_.open(output->file.path())->size();
    return {
        .archive = output->file.publish(), .archive_bytes = bytes, .manifest = std::move(manifest)};
  }

  static std::uint64_t content_bytes(const DatabaseSnapshot& snapshot,
                                     const std::vector<SideFile>& side) {
    return std::accumulate(side.begin(), side.end(), snapshot.page_count() * snapshot.page_size(),
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

  void read_main_database(ArchiveWriter& writer, Manifest& manifest) {
    if (main_->blocks_writers()) main_->begin();
    if (auto same = main_->again()) main_check_ = check_in_background(std::move(same));
    manifest.schema_hash = main_->schema_hash();
    std::optional<Counts> counts;
    const EntryContent content = read_database(*main_, manifest.database, writer, [&] {
      counts = main_->counts(request_.counts, kCountLimit, stop_);
      if (!main_check_.valid()) main_check_ = check_in_background(std::move(main_));
    });
    manifest.counts = counts ? *counts : archived_counts(content);
  }

  // Writers wait only while the pages are compared with a draft of them, which was archived before,
  // while anybody could change them. What changed is corrected afterwards.
  void read_while_others_write(std::unique_ptr<Output>& output, Manifest& manifest) {
    DatabaseDraft draft(main_->page_count() * main_->page_size());
    EntryContent content = output->writer.add(
        database_entry(*main_, manifest.database), [&](const ArchiveWriter::Sink& sink) {
          main_->preview([&](std::span<const std::byte> bytes) {
            draft.take(bytes);
            sink(bytes);
            advance(bytes.size());
          });
        });
    main_->begin();
    main_->read_pages([&](std::span<const std::byte> page) {
      draft.compare(page);
      stop_if_asked();
    });
    draft.end_comparison();
    manifest.schema_hash = main_->schema_hash();
    const std::optional<Counts> counts = main_->counts(request_.counts, kCountLimit, stop_);
    const NewEntry entry = database_entry(*main_, manifest.database);
    main_check_ = check_in_background(std::move(main_));

    if (!draft.is_final()) {
      auto corrected = std::make_unique<Output>(storage_, request_.destination, name_);
      content = corrected->writer.add(
          entry, [&](const ArchiveWriter::Sink& sink) { draft.correct(content, sink); });
      output = std::move(corrected);
    }
    manifest.counts = counts ? *counts : archived_counts(content);
  }

  Counts archived_counts(const EntryContent& content) const {
    return run_counts(ArchiveDatabase(content).handle(), request_.counts, kCountLimit,
                      [this] { return stop_.stop_requested(); });
  }

  static NewEntry database_entry(const DatabaseSnapshot& snapshot, const std::string& name) {
    return {.name = name,
            .kind = ManifestEntry::Kind::Database,
            .expected_size = snapshot.page_count() * snapshot.page_size(),
            .page_size = snapshot.page_size()};
  }

  // Calls `when_read` as soon as the pages are read, before the last of them are written.
  EntryContent read_database(DatabaseSnapshot& snapshot, const std::string& name,
                             ArchiveWriter& writer, const std::function<void()>& when_read) {
    return writer.add(database_entry(snapshot, name), [&](const ArchiveWriter::Sink& sink) {
      snapshot.read_pages([&](std::span<const std::byte> page) {
        sink(page);
        advance(page.size());
      });
      when_read();
    });
  }

  void read_side_file(const SideFile& file, ArchiveWriter& writer) {
    const std::filesystem::path path = source_of(file.name);
    if (file.is_database) return read_side_database(path, file.name, writer);
    writer.add({.name = file.name, .expected_size = file.size},
               [&](const ArchiveWriter::Sink& sink) {
                 read_unchanging(storage_, path, [&](std::span<const std::byte> bytes) {
                   sink(bytes);
                   advance(bytes.size());
                 });
               });
  }

  void read_side_database(const std::filesystem::path& path, const std::string& name,
                          ArchiveWriter& writer) {
    DatabaseSnapshot snapshot(path);
    read_database(snapshot, name, writer, [&] {
      note_check(name, snapshot.integrity_faults(stop_));
      snapshot.close();
    });
  }

  std::future<Faults> check_in_background(std::unique_ptr<DatabaseSnapshot> snapshot) {
    return std::async(std::launch::async, [snapshot = std::move(snapshot), this] {
      Faults faults = snapshot->integrity_faults(abandon_.get_token());
      snapshot->close();
      return faults;
    });
  }

  // What is asked at the source gives way to writers; the same state is then asked in the archive,
  // where it takes longer and disturbs nobody.
  void note_check(const std::string& entry_name, const Faults& faults) {
    if (!faults) {
      unchecked_.push_back(entry_name);
    } else {
      refuse_damage(*faults, entry_name);
    }
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
    note_check(path_text(request_.database.filename()), main_check_.get());
    for (const std::string& entry_name : unchecked_) check_archived(archive, entry_name);
  }

  void check_archived(const ArchiveReader& archive, const std::string& entry_name) const {
    const EntryContent content = archive.content(archive.find(entry_name).value());
    if (content.entry().size > kQuicklyCheckedBytes && another_try_ == AnotherTry::Follows) {
      throw Error(ErrorCode::DatabaseBusy,
                  "Cannot check " + path_text(source_of(entry_name)) +
                      ": another program writes to it at the same time.",
                  "Wait for the next try.");
    }
    const ArchiveDatabase database(content);
    const SqliteWatch watch(database.handle(), [this] { return stop_.stop_requested(); });
    refuse_damage(integrity_faults(source_of(entry_name), database.handle()), entry_name);
  }

  std::filesystem::path source_of(const std::string& entry_name) const {
    return request_.database.parent_path() / text_path(entry_name);
  }

  void refuse_damage(const std::string& faults, const std::string& entry_name) const {
    if (faults.empty()) return;
    throw Error(ErrorCode::DatabaseDamaged,
                path_text(source_of(entry_name)) +
                    " is damaged: " + faults.substr(0, faults.find('\n')) + ".",
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
  const AnotherTry another_try_;
  const ArchiveName name_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t done_bytes_ = 0;
  std::uint64_t told_bytes_ = 0;
  std::vector<std::string> unchecked_;  // at their source
  std::stop_source abandon_;
  std::unique_ptr<DatabaseSnapshot> main_;
  std::future<Faults> main_check_;
};

bool is_worth_another_try(ErrorCode code) {
  return code == ErrorCode::DatabaseBusy || code == ErrorCode::SourceChanged;
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
      return Attempt(request, storage, clock, on_progress, stop, AnotherTry::Follows).run();
    } catch (const Error& error) {
      if (!is_worth_another_try(error.code())) throw;
    }
    clock.wait(pause, stop);
  }
  return Attempt(request, storage, clock, on_progress, stop, AnotherTry::DoesNotFollow).run();
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
