#include <windows.h>

#include <algorithm>
#include <string>
#include <utility>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/windows_error.h"
#include "service/platform/storage.h"

namespace holdfast {
namespace {

// ERROR_DISK_QUOTA_EXCEEDED, which not every header has.
constexpr DWORD kDiskQuotaExceeded = 1295;

Error failure(const std::string& attempt, const std::filesystem::path& path, DWORD code) {
  const std::string sentence =
      "Cannot " + attempt + " " + path_text(path) + ": " + windows_error_text(code) + ".";
  switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND: return {ErrorCode::NotFound, sentence, "Check the path."};
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS: return {ErrorCode::AlreadyExists, sentence, "Choose another name."};
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
    case kDiskQuotaExceeded:
      return {ErrorCode::DiskFull, sentence, "Free some space and try again."};
    case ERROR_ACCESS_DENIED:
    case ERROR_WRITE_PROTECT: return {ErrorCode::AccessDenied, sentence, "Check the rights on it."};
    default: return {ErrorCode::SystemCallFailed, sentence, "Check the disk and try again."};
  }
}

OVERLAPPED at(std::uint64_t place) {
  OVERLAPPED overlapped{};
  overlapped.Offset = static_cast<DWORD>(place);
  overlapped.OffsetHigh = static_cast<DWORD>(place >> 32);
  return overlapped;
}

DWORD at_most(std::size_t bytes) {
  constexpr std::size_t kMost = std::size_t{64} * 1024 * 1024;
  return static_cast<DWORD>(std::min(bytes, kMost));
}

class DiskFile final : public StoredFile {
 public:
  DiskFile(FileHandle handle, std::filesystem::path path)
      : handle_(std::move(handle)), path_(std::move(path)) {}

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      OVERLAPPED where = at(place + done);
      DWORD read = 0;
      if (!::ReadFile(handle_.get(), into.data() + done, at_most(into.size() - done), &read,
                      &where)) {
        if (::GetLastError() == ERROR_HANDLE_EOF) break;
        throw failure("read", path_, ::GetLastError());
      }
      if (read == 0) break;
      done += read;
    }
    return done;
  }

  void write_at(std::uint64_t place, std::span<const std::byte> bytes) override {
    std::size_t done = 0;
    while (done < bytes.size()) {
      OVERLAPPED where = at(place + done);
      DWORD written = 0;
      if (!::WriteFile(handle_.get(), bytes.data() + done, at_most(bytes.size() - done), &written,
                       &where)) {
        throw failure("write", path_, ::GetLastError());
      }
      done += written;
    }
  }

  void flush() override {
    if (!::FlushFileBuffers(handle_.get())) throw failure("flush", path_, ::GetLastError());
  }

  std::uint64_t size() const override {
    LARGE_INTEGER size{};
    if (!::GetFileSizeEx(handle_.get(), &size)) throw failure("measure", path_, ::GetLastError());
    return static_cast<std::uint64_t>(size.QuadPart);
  }

 private:
  FileHandle handle_;
  std::filesystem::path path_;
};

StoredEntry::Kind kind_of(DWORD attributes) {
  // Cloud placeholders are reparse points too, and are the user's files; only names that stand for
  // something elsewhere are links, which FindFirstFile tells in dwReserved0.
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0) return StoredEntry::Kind::Folder;
  if ((attributes & FILE_ATTRIBUTE_DEVICE) != 0) return StoredEntry::Kind::Other;
  return StoredEntry::Kind::File;
}

struct FindHandleTraits {
  using Handle = HANDLE;
  static Handle none() { return INVALID_HANDLE_VALUE; }
  static void close(Handle handle) { ::FindClose(handle); }
};
using FindHandle = UniqueHandle<FindHandleTraits>;

StoredEntry entry_of(const WIN32_FIND_DATAW& found) {
  const bool is_link = (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
                       IsReparseTagNameSurrogate(found.dwReserved0);
  return {.name = found.cFileName,
          .kind = is_link ? StoredEntry::Kind::Link : kind_of(found.dwFileAttributes),
          .size = static_cast<std::uint64_t>(found.nFileSizeHigh) << 32 | found.nFileSizeLow};
}

}  // namespace

std::unique_ptr<StoredFile> DiskStorage::open(const std::filesystem::path& path) {
  // Whatever else has the file open may go on doing what it does.
  FileHandle handle(::CreateFileW(path.c_str(), GENERIC_READ,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!handle) throw failure("open", path, ::GetLastError());
  return std::make_unique<DiskFile>(std::move(handle), path);
}

std::unique_ptr<StoredFile> DiskStorage::create(const std::filesystem::path& path) {
  FileHandle handle(::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ,
                                  nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!handle) throw failure("create", path, ::GetLastError());
  return std::make_unique<DiskFile>(std::move(handle), path);
}

bool DiskStorage::is_being_written(const std::filesystem::path& path) {
  const FileHandle opened(::CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr,
                                        OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (opened) return false;
  if (::GetLastError() == ERROR_SHARING_VIOLATION) return true;
  throw failure("open", path, ::GetLastError());
}

void DiskStorage::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::MoveFileExW(from.c_str(), to.c_str(), MOVEFILE_WRITE_THROUGH)) return;
  throw failure("rename " + path_text(from.filename()) + " to", to, ::GetLastError());
}

void DiskStorage::replace(const std::filesystem::path& from, const std::filesystem::path& to) {
  constexpr DWORD kFlags = MOVEFILE_WRITE_THROUGH | MOVEFILE_REPLACE_EXISTING;
  if (::MoveFileExW(from.c_str(), to.c_str(), kFlags)) return;
  throw failure("replace", to, ::GetLastError());
}

void DiskStorage::remove(const std::filesystem::path& path) {
  if (!::DeleteFileW(path.c_str())) throw failure("remove", path, ::GetLastError());
}

void DiskStorage::create_folders(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) return;
  if (path.has_parent_path() && path.parent_path() != path) create_folders(path.parent_path());
  if (::CreateDirectoryW(path.c_str(), nullptr)) return;
  const DWORD code = ::GetLastError();
  // Somebody else may have made it just now; a file of that name is in the way.
  if (code != ERROR_ALREADY_EXISTS || !std::filesystem::is_directory(path)) {
    throw failure("create the folder", path, code);
  }
}

void DiskStorage::flush_folder(const std::filesystem::path&) {
  // NTFS journals its folders, and MOVEFILE_WRITE_THROUGH has waited for the rename.
}

std::uint64_t DiskStorage::free_bytes(const std::filesystem::path& folder) {
  ULARGE_INTEGER available{};
  if (!::GetDiskFreeSpaceExW(folder.c_str(), &available, nullptr, nullptr)) {
    throw failure("measure the free space of", folder, ::GetLastError());
  }
  return available.QuadPart;
}

std::vector<StoredEntry> DiskStorage::list(const std::filesystem::path& folder) {
  WIN32_FIND_DATAW found{};
  const FindHandle search(::FindFirstFileW((folder / L"*").c_str(), &found));
  if (!search) throw failure("list", folder, ::GetLastError());
  std::vector<StoredEntry> entries;
  do {
    const std::wstring_view name = found.cFileName;
    if (name != L"." && name != L"..") entries.push_back(entry_of(found));
  } while (::FindNextFileW(search.get(), &found));
  if (::GetLastError() != ERROR_NO_MORE_FILES) throw failure("list", folder, ::GetLastError());
  std::sort(entries.begin(), entries.end(),
            [](const StoredEntry& a, const StoredEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace holdfast
