#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/path_limits.h"
#include "service/platform/storage.h"

namespace holdfast {
namespace {

Error failure(const std::string& attempt, const std::filesystem::path& path, int code) {
  const std::string sentence = "Cannot " + attempt + " " + path_text(path) + ": " +
                               std::system_category().message(code) + ".";
  switch (code) {
    case ENOENT:
    case ENOTDIR: return {ErrorCode::NotFound, sentence, "Check the path."};
    case EEXIST: return {ErrorCode::AlreadyExists, sentence, "Choose another name."};
    case ENOSPC:
    case EDQUOT: return {ErrorCode::DiskFull, sentence, "Free some space and try again."};
    case EACCES:
    case EPERM:
    case EROFS: return {ErrorCode::AccessDenied, sentence, "Check the rights on it."};
    default: return {ErrorCode::SystemCallFailed, sentence, "Check the disk and try again."};
  }
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

// Through no link, also if one is put there only now.
int open_without_links(const std::filesystem::path& path, int flags) {
  struct open_how how {};
  how.flags = static_cast<std::uint64_t>(flags);
  how.mode = (flags & O_CREAT) != 0 ? 0600 : 0;
  how.resolve = RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, path.c_str(), &how, sizeof how));
}

void refuse_further_names(int opened, const std::filesystem::path& path) {
  struct stat facts {};
  if (::fstat(opened, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_nlink <= 1) return;
  throw Error(ErrorCode::AccessDenied,
              "The service does not open " + path_text(path) +
                  ": it is a file with further names (hard links).",
              "Find out who made the link, and remove it.");
}

Descriptor open_descriptor(const std::filesystem::path& path, int flags, const char* attempt) {
  if (path_limits() == nullptr) {
    Descriptor descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0600));
    if (descriptor.get() < 0) throw failure(attempt, path, errno);
    return descriptor;
  }
  check_path(path);
  Descriptor descriptor(open_without_links(path, flags | O_CLOEXEC));
  if (descriptor.get() < 0) throw failure(attempt, path, errno);
  refuse_further_names(descriptor.get(), path);
  return descriptor;
}

constexpr std::size_t kWriteBackBytes = 4 << 20;

class DiskFile final : public StoredFile {
 public:
  DiskFile(Descriptor descriptor, std::filesystem::path path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t read = ::pread(descriptor_.get(), into.data() + done, into.size() - done,
                                   static_cast<off_t>(place + done));
      if (read < 0 && errno == EINTR) continue;
      if (read < 0) throw failure("read", path_, errno);
      if (read == 0) break;
      done += static_cast<std::size_t>(read);
    }
    return done;
  }

  void write_at(std::uint64_t place, std::span<const std::byte> bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t written = ::pwrite(descriptor_.get(), bytes.data() + done, bytes.size() - done,
                                       static_cast<off_t>(place + done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw failure("write", path_, errno);
      done += static_cast<std::size_t>(written);
    }
    begin_write_back(bytes.size());
  }

  void flush() override {
    if (::fsync(descriptor_.get()) != 0) throw failure("flush", path_, errno);
  }

  std::uint64_t size() const override {
    struct stat facts {};
    if (::fstat(descriptor_.get(), &facts) != 0) throw failure("measure", path_, errno);
    return static_cast<std::uint64_t>(facts.st_size);
  }

 private:
  // The disk begins with what is written before flush() asks for all of it at once, which would
  // make every other program's small flush wait behind this large one. Only a hint: flush()
  // decides.
  void begin_write_back(std::size_t more) {
    waiting_bytes_ += more;
    if (waiting_bytes_ < kWriteBackBytes) return;
    waiting_bytes_ = 0;
    ::sync_file_range(descriptor_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
  }

  Descriptor descriptor_;
  std::filesystem::path path_;
  std::size_t waiting_bytes_ = 0;  // written since the disk was last asked to begin
};

}  // namespace

std::unique_ptr<StoredFile> DiskStorage::open(const std::filesystem::path& path) {
  auto file = std::make_unique<DiskFile>(open_descriptor(path, O_RDONLY, "open"), path);
  if (!std::filesystem::is_regular_file(path)) throw failure("open", path, EISDIR);
  return file;
}

std::unique_ptr<StoredFile> DiskStorage::create(const std::filesystem::path& path) {
  Descriptor created = open_descriptor(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, "create");
  // What is_being_written() looks for. File systems without locks have no such answer to give.
  ::flock(created.get(), LOCK_EX | LOCK_NB);
  return std::make_unique<DiskFile>(std::move(created), path);
}

bool DiskStorage::is_being_written(const std::filesystem::path& path) {
  const Descriptor opened = open_descriptor(path, O_RDONLY, "open");
  return ::flock(opened.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

void DiskStorage::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const std::filesystem::path& folder : {from.parent_path(), to.parent_path()}) {
    check_path(folder);
  }
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  throw failure("rename " + path_text(from.filename()) + " to", to, errno);
}

void DiskStorage::replace(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const std::filesystem::path& folder : {from.parent_path(), to.parent_path()}) {
    check_path(folder);
  }
  if (::rename(from.c_str(), to.c_str()) == 0) return;
  throw failure("replace", to, errno);
}

void DiskStorage::flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened = open_descriptor(folder, O_RDONLY | O_DIRECTORY, "open the folder");
  if (::fsync(opened.get()) != 0) throw failure("flush the folder", folder, errno);
}

void DiskStorage::remove(const std::filesystem::path& path) {
  check_path(path.parent_path());
  if (::unlink(path.c_str()) != 0) throw failure("remove", path, errno);
}

void DiskStorage::create_folders(const std::filesystem::path& path) {
  check_path(path);
  std::error_code code;
  std::filesystem::create_directories(path, code);
  if (code) throw failure("create the folder", path, code.value());
}

std::uint64_t DiskStorage::free_bytes(const std::filesystem::path& folder) {
  std::error_code code;
  const std::filesystem::space_info space = std::filesystem::space(folder, code);
  if (code) throw failure("measure the free space of", folder, code.value());
  return space.available;
}

std::vector<StoredEntry> DiskStorage::list(const std::filesystem::path& folder) {
  check_path(folder);
  std::error_code code;
  std::vector<StoredEntry> entries;
  for (std::filesystem::directory_iterator at(folder, code), end; !code && at != end;
       at.increment(code)) {
    const std::filesystem::file_status status = at->symlink_status();
    StoredEntry entry{.name = at->path().filename()};
    if (std::filesystem::is_symlink(status)) entry.kind = StoredEntry::Kind::Link;
    if (std::filesystem::is_directory(status)) entry.kind = StoredEntry::Kind::Folder;
    if (std::filesystem::is_regular_file(status)) {
      entry.kind = StoredEntry::Kind::File;
      std::error_code vanished;
      entry.size = std::filesystem::file_size(at->path(), vanished);
    }
    entries.push_back(std::move(entry));
  }
  if (code) throw failure("list", folder, code.value());
  std::sort(entries.begin(), entries.end(),
            [](const StoredEntry& a, const StoredEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace holdfast
