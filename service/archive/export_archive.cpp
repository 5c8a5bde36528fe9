#include "service/archive/export_archive.h"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "common/unfinished_export.h"
#include "service/archive/archive_error.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extraction_files.h"
#include "service/archive/file_hash.h"
#include "service/archive/verify_archive.h"
#include "service/platform/file_cache.h"

namespace holdfast {
namespace {

std::filesystem::file_type type_of(const std::filesystem::path& path) {
  std::error_code unknown;
  return std::filesystem::symlink_status(path, unknown).type();
}

// The copy as long as it has not its name: removed again unless it is published.
class UnfinishedCopy {
 public:
  UnfinishedCopy(Storage& storage, const std::filesystem::path& final_name)
      : storage_(storage), final_name_(final_name), path_(final_name) {
    path_ += text_path(kUnfinishedExportEnd);
    const bool is_left =
        type_of(path_) == std::filesystem::file_type::regular && !storage_.is_being_written(path_);
    if (is_left) storage_.remove(path_);
    file_ = storage_.create(path_);
  }
  UnfinishedCopy(const UnfinishedCopy&) = delete;
  UnfinishedCopy& operator=(const UnfinishedCopy&) = delete;
  ~UnfinishedCopy() {
    if (is_published_) return;
    file_.reset();
    try {
      storage_.remove(path_);
    } catch (const std::exception&) {  // what cannot be removed must not hide why it should be
    }
  }

  const std::filesystem::path& path() const { return path_; }
  StoredFile& file() { return *file_; }
  void close() { file_.reset(); }

  void publish() {
    storage_.rename(path_, final_name_);
    path_ = final_name_;
    storage_.flush_folder(final_name_.parent_path());
    is_published_ = true;
  }

 private:
  Storage& storage_;
  std::filesystem::path final_name_;
  std::filesystem::path path_;
  std::unique_ptr<StoredFile> file_;
  bool is_published_ = false;
};

class Export {
 public:
  Export(const std::filesystem::path& archive, const std::filesystem::path& folder,
         Storage& storage, const OnExportProgress& on_progress, const std::stop_token& stop)
      : archive_(archive),
        folder_(folder),
        storage_(storage),
        on_progress_(on_progress),
        stop_(stop),
        name_(path_text(archive.filename())) {}

  ExportedArchive run() {
    refuse_what_is_no_archive();
    const std::unique_ptr<StoredFile> original = storage_.open(archive_);
    bytes_ = original->size();
    ExtractionFiles folders(storage_);
    folders.make_target(folder_);
    const std::filesystem::path final_name = folder_ / archive_.filename();
    if (type_of(final_name) != std::filesystem::file_type::not_found) {
      throw failed(ErrorCode::AlreadyExists, "there is something of that name",
                   "Choose another folder; nothing there was replaced.");
    }
    check_room();
    UnfinishedCopy copy(storage_, final_name);
    const std::string hash =
        copy_file_content(*original, copy.file(), counted(ExportPhase::Copying));
    copy.close();
    check(copy.path(), hash);
    folders.publish();
    copy.publish();
    folders.keep();
    return {.copy = final_name, .bytes = bytes_};
  }

 private:
  // Before anything is written.
  void refuse_what_is_no_archive() const { const ArchiveReader original(storage_, archive_); }

  void check_room() const {
    const std::uint64_t free = storage_.free_bytes(folder_);
    if (free >= bytes_) return;
    throw failed(ErrorCode::DiskFull,
                 fmt::format("it needs {}, and {} are free", size_text(bytes_), size_text(free)),
                 "Free some space there, or choose another folder.");
  }

  void check(const std::filesystem::path& copy, const std::string& hash) const {
    drop_cached(copy);
    if (file_hash(*storage_.open(copy), counted(ExportPhase::ReadingBack)) != hash) {
      throw failed(ErrorCode::SystemCallFailed,
                   "the copy was not what was written when it was read back",
                   "Do not rely on that drive: choose another one.");
    }
    const VerifyReport report = verify_archive(
        ArchiveReader(storage_, copy),
        [this](std::uint64_t done, std::uint64_t total) {
          tell(ExportPhase::Checking, done, total);
        },
        stop_);
    if (report.is_good()) return;
    // The copy is what the original is.
    throw failed(ErrorCode::ArchiveDamaged, "it is damaged, as \"holdfast verify\" tells in full",
                 "Use another archive, and check the disk and the cloud's copy of this one.");
  }

  OnBytes counted(ExportPhase phase) const {
    return [this, phase, done = std::uint64_t{0}](std::size_t bytes) mutable {
      done += bytes;
      tell(phase, done, bytes_);
    };
  }

  void tell(ExportPhase phase, std::uint64_t done, std::uint64_t total) const {
    if (stop_.stop_requested()) throw cancelled_archive("export", name_);
    if (on_progress_) on_progress_(phase, done, total);
  }

  Error failed(ErrorCode code, const std::string& why, const std::string& action) const {
    return {code,
            fmt::format("Cannot export {} to {}: {}.", one_line(name_), path_text(folder_), why),
            action};
  }

  const std::filesystem::path& archive_;
  const std::filesystem::path& folder_;
  Storage& storage_;
  const OnExportProgress& on_progress_;
  const std::stop_token& stop_;
  const std::string name_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::string_view name(ExportPhase phase) {
  switch (phase) {
    case ExportPhase::Copying: return "copying";
    case ExportPhase::ReadingBack: return "reading back";
    case ExportPhase::Checking: break;
  }
  return "checking";
}

ExportedArchive export_archive(const std::filesystem::path& archive,
                               const std::filesystem::path& folder, Storage& storage,
                               const OnExportProgress& on_progress, const std::stop_token& stop) {
  return Export(archive, folder, storage, on_progress, stop).run();
}

}  // namespace holdfast
