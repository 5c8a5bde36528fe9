#include "service/restore/drill_run.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/archive/file_hash.h"
#include "service/platform/file_cache.h"
#include "service/restore/scratch_folder.h"
#include "service/restore/staged_database.h"

namespace holdfast {
namespace {

// A test must not be what fills the disk on which everything else goes on being written.
constexpr std::uint64_t kSpareBytes = std::uint64_t{256} << 20;

class Drill {
 public:
  Drill(const DrillRequest& request, Storage& storage, const ArchiveProgress& on_progress,
        const std::stop_token& stop)
      : request_(request),
        storage_(storage),
        on_progress_(on_progress),
        stop_(stop),
        archive_(storage, request.archive) {
    for (const ManifestEntry& entry : archive_.entries()) bytes_ += entry.size;
  }

  DrillResult run() {
    const ScratchFolder scratch(storage_, request_.scratch);
    check_room(scratch.path());
    restore(scratch.path());
    for (const ManifestEntry& entry : archive_.entries()) {
      read_back(entry, scratch.path() / text_path(entry.name));
    }
    for (const ManifestEntry& entry : archive_.entries()) {
      if (entry.kind != ManifestEntry::Kind::Database) continue;
      check_database(entry, scratch.path() / text_path(entry.name));
    }
    return {.manifest = archive_.manifest(), .bytes = bytes_};
  }

 private:
  void check_room(const std::filesystem::path& folder) {
    const std::uint64_t free = storage_.free_bytes(folder);
    if (free >= bytes_ + kSpareBytes) return;
    throw Error(ErrorCode::DiskFull,
                fmt::format("Cannot test whether the archive {} can be restored: the test needs "
                            "{} of free space in {}, and there are {}.",
                            one_line(archive_.name()), size_text(bytes_ + kSpareBytes),
                            path_text(request_.scratch), size_text(free)),
                "Free some space on that disk.");
  }

  void restore(const std::filesystem::path& folder) {
    extract_archive(
        archive_, storage_, folder,
        [this](std::uint64_t done, std::uint64_t) {
          done_ = done;
          tell();
        },
        stop_);
  }

  void read_back(const ManifestEntry& entry, const std::filesystem::path& path) {
    drop_cached(path);
    const std::unique_ptr<StoredFile> file = storage_.open(path);
    const std::string hash = file_hash(*file, [this](std::size_t bytes) {
      stop_if_asked();
      done_ += bytes;
      tell();
    });
    if (hash == entry.xxh3) return;
    throw failed(fmt::format("{} was not what was backed up when it was read back from the disk",
                             one_line(entry.name)),
                 fmt::format("Check the disk of {}, and try again.", path_text(request_.scratch)));
  }

  void check_database(const ManifestEntry& entry, const std::filesystem::path& path) const {
    const char* const action =
        "Do not rely on this archive: make a backup, and look at what it "
        "tells about the database.";
    const StagedDatabase database(
        path, [this] { return stop_.stop_requested(); }, cancelled());
    if (const std::string damage = database.damage(); !damage.empty()) {
      throw failed(fmt::format("{} in it {}", one_line(entry.name), damage), action);
    }
    if (entry.name != archive_.manifest().database) return;
    const std::string miscount = database.miscount(archive_.manifest(), request_.counts);
    if (!miscount.empty()) throw failed(miscount, action);
  }

  Error failed(const std::string& why, const std::string& action) const {
    return {ErrorCode::ArchiveDamaged,
            fmt::format("The archive {} cannot be restored: {}.", one_line(archive_.name()), why),
            action};
  }

  Error cancelled() const { return cancelled_archive("test", archive_.name()); }

  void stop_if_asked() const {
    if (stop_.stop_requested()) throw cancelled();
  }

  // Everything is written once and read once.
  void tell() const {
    if (on_progress_) on_progress_(done_, 2 * bytes_);
  }

  const DrillRequest& request_;
  Storage& storage_;
  const ArchiveProgress& on_progress_;
  const std::stop_token& stop_;
  const ArchiveReader archive_;
  std::uint64_t bytes_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace

DrillResult run_drill(const DrillRequest& request, Storage& storage,
                      const ArchiveProgress& on_progress, const std::stop_token& stop) {
  return Drill(request, storage, on_progress, stop).run();
}

}  // namespace holdfast
