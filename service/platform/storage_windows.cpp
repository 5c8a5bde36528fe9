#include <windows.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/windows_error.h"
#include "service/platform/opened_path.h"
#include "service/platform/path_limits.h"
#include "service/platform/storage.h"
#include "service/platform/system_path.h"

namespace holdfast {
namespace {

// ERROR_DISK_QUOTA_EXCEEDED, which not every header has.
constexpr DWORD kDiskQuotaExceeded = 1295;

// FILE_ATTRIBUTE_RECALL_ON_OPEN and FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS, which not every header
// has either.
constexpr DWORD kRecallOnOpen = 0x00040000;
constexpr DWORD kRecallOnDataAccess = 0x00400000;

// What is only in the cloud could not be fetched: ERROR_CLOUD_FILE_..., 358 to 404, and 426.
bool is_of_cloud(DWORD code) {
  constexpr DWORD kFirst = 358;
  constexpr DWORD kLast = 404;
  constexpr DWORD kTimedOut = 426;
  return (code >= kFirst && code <= kLast) || code == kTimedOut;
}

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
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
      return {ErrorCode::FileBusy, sentence, "Close the program that uses it, and try again."};
    default:
      if (!is_of_cloud(code)) {
        return {ErrorCode::SystemCallFailed, sentence, "Check the disk and try again."};
      }
      return {
          ErrorCode::SystemCallFailed, sentence,
          "It is in the cloud only: choose \"Always keep on this device\" for it in its folder, "
          "wait until it is there, and try again."};
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

// A folder's names are here even where its files are not.
bool is_local(DWORD attributes) {
  constexpr DWORD kElsewhere = FILE_ATTRIBUTE_OFFLINE | kRecallOnOpen | kRecallOnDataAccess;
  return kind_of(attributes) == StoredEntry::Kind::Folder || (attributes & kElsewhere) == 0;
}

StoredEntry entry_of(const WIN32_FIND_DATAW& found) {
  const bool is_link = (found.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
                       IsReparseTagNameSurrogate(found.dwReserved0);
  return {.name = found.cFileName,
          .kind = is_link ? StoredEntry::Kind::Link : kind_of(found.dwFileAttributes),
          .size = static_cast<std::uint64_t>(found.nFileSizeHigh) << 32 | found.nFileSizeLow,
          .is_local = is_local(found.dwFileAttributes)};
}

// With path_limits(): the folder, which stays what it is as long as it is open here; else none.
FileHandle held_folder(const std::filesystem::path& folder, const std::string& attempt) {
  if (path_limits() == nullptr) return {};
  FileHandle opened = open_folder(folder);
  if (!opened) throw failure(attempt, folder, ::GetLastError());
  return opened;
}

// The file or folder itself, to be renamed or removed.
FileHandle open_itself(const std::filesystem::path& path, const std::string& attempt) {
  constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  constexpr DWORD kFlags =
      FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_WRITE_THROUGH;
  FileHandle opened(::CreateFileW(system_path(path).c_str(),
                                  DELETE | FILE_READ_ATTRIBUTES | SYNCHRONIZE, kShareAll, nullptr,
                                  OPEN_EXISTING, kFlags, nullptr));
  if (!opened) throw failure(attempt, path, ::GetLastError());
  check_opened(opened.get(), path, FurtherNames::Ignored);
  return opened;
}

// Whoever looks at each new file, as virus scanners do, has it to themselves for a moment. What was
// made with so much work is not given up for that.
template <typename Attempt>
void until_free(const Attempt& attempt) {
  constexpr std::chrono::milliseconds kPause{50};
  constexpr int kTries = 40;
  for (int tried = 1; tried < kTries; ++tried) {
    try {
      return attempt();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::FileBusy) throw;
    }
    std::this_thread::sleep_for(kPause);
  }
  attempt();
}

bool remove_opened(HANDLE opened) {
  // FileDispositionInfoEx with FILE_DISPOSITION_FLAG_DELETE and ..._POSIX_SEMANTICS, which not
  // every header has, nor every Windows: the name is free at once.
  constexpr auto kDispositionEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
  DWORD at_once = 0x1 | 0x2;
  if (::SetFileInformationByHandle(opened, kDispositionEx, &at_once, sizeof at_once)) return true;
  FILE_DISPOSITION_INFO disposition{TRUE};
  return ::SetFileInformationByHandle(opened, FileDispositionInfo, &disposition,
                                      sizeof disposition);
}

bool rename_opened(HANDLE opened, const std::filesystem::path& to, bool replace) {
  const std::wstring name = system_path(to);
  std::vector<std::byte> buffer(sizeof(FILE_RENAME_INFO) + name.size() * sizeof(wchar_t));
  auto* const info = reinterpret_cast<FILE_RENAME_INFO*>(buffer.data());
  info->ReplaceIfExists = replace ? TRUE : FALSE;
  info->FileNameLength = static_cast<DWORD>(name.size() * sizeof(wchar_t));
  std::memcpy(info->FileName, name.data(), name.size() * sizeof(wchar_t));
  return ::SetFileInformationByHandle(opened, FileRenameInfo, info,
                                      static_cast<DWORD>(buffer.size()));
}

// As MoveFileExW, but of the file that was checked, into the folder that was.
void move_checked(const std::filesystem::path& from, const std::filesystem::path& to, bool replace,
                  const std::string& attempt) {
  const FileHandle moved = open_itself(from, attempt);
  const FileHandle folder = held_folder(to.parent_path(), attempt);
  if (!rename_opened(moved.get(), to, replace)) throw failure(attempt, to, ::GetLastError());
  // An empty folder can become a junction in spite of all: then it is as it was.
  if (is_what_it_names(moved.get(), to, FurtherNames::Ignored)) return;
  rename_opened(moved.get(), from, false);
  check_opened(moved.get(), to, FurtherNames::Ignored);
}

void move(const std::filesystem::path& from, const std::filesystem::path& to, DWORD flags,
          const std::string& attempt) {
  if (path_limits() != nullptr) {
    return move_checked(from, to, (flags & MOVEFILE_REPLACE_EXISTING) != 0, attempt);
  }
  if (::MoveFileExW(system_path(from).c_str(), system_path(to).c_str(), flags)) return;
  throw failure(attempt, to, ::GetLastError());
}

bool is_folder(const std::filesystem::path& path) {
  const DWORD attributes = ::GetFileAttributesW(system_path(path).c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

}  // namespace

std::unique_ptr<StoredFile> DiskStorage::open(const std::filesystem::path& path) {
  // Whatever else has the file open may go on doing what it does.
  FileHandle handle(::CreateFileW(system_path(path).c_str(), GENERIC_READ,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!handle) throw failure("open", path, ::GetLastError());
  check_opened(handle.get(), path);
  return std::make_unique<DiskFile>(std::move(handle), path);
}

std::unique_ptr<StoredFile> DiskStorage::create(const std::filesystem::path& path) {
  const FileHandle folder = held_folder(path.parent_path(), "create a file in");
  const DWORD to_take_back = path_limits() == nullptr ? 0 : DELETE;
  FileHandle handle(::CreateFileW(system_path(path).c_str(),
                                  GENERIC_READ | GENERIC_WRITE | to_take_back, FILE_SHARE_READ,
                                  nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (!handle) throw failure("create", path, ::GetLastError());
  if (!is_what_it_names(handle.get(), path, FurtherNames::Refused)) {
    remove_opened(handle.get());
    check_opened(handle.get(), path);
  }
  return std::make_unique<DiskFile>(std::move(handle), path);
}

bool DiskStorage::is_being_written(const std::filesystem::path& path) {
  const FileHandle opened(::CreateFileW(system_path(path).c_str(), GENERIC_READ, FILE_SHARE_READ,
                                        nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
  if (opened) {
    check_opened(opened.get(), path);
    return false;
  }
  if (::GetLastError() == ERROR_SHARING_VIOLATION) return true;
  throw failure("open", path, ::GetLastError());
}

void DiskStorage::rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  const std::string attempt = "rename " + path_text(from.filename()) + " to";
  until_free([&] { move(from, to, MOVEFILE_WRITE_THROUGH, attempt); });
}

void DiskStorage::replace(const std::filesystem::path& from, const std::filesystem::path& to) {
  until_free(
      [&] { move(from, to, MOVEFILE_WRITE_THROUGH | MOVEFILE_REPLACE_EXISTING, "replace"); });
}

void DiskStorage::remove(const std::filesystem::path& path) {
  until_free([&] {
    const bool is_gone = path_limits() == nullptr
                             ? ::DeleteFileW(system_path(path).c_str()) != FALSE
                             : remove_opened(open_itself(path, "remove").get());
    if (!is_gone) throw failure("remove", path, ::GetLastError());
  });
}

void DiskStorage::create_folders(const std::filesystem::path& path) {
  if (is_folder(path)) {
    held_folder(path, "create the folder");
    return;
  }
  if (path.has_parent_path() && path.parent_path() != path) create_folders(path.parent_path());
  const FileHandle parent = held_folder(path.parent_path(), "create the folder in");
  if (::CreateDirectoryW(system_path(path).c_str(), nullptr)) {
    held_folder(path, "create the folder");
    return;
  }
  const DWORD code = ::GetLastError();
  // Somebody else may have made it just now; a file of that name is in the way.
  if (code != ERROR_ALREADY_EXISTS || !is_folder(path)) {
    throw failure("create the folder", path, code);
  }
}

void DiskStorage::flush_folder(const std::filesystem::path&) {
  // NTFS journals its folders, and MOVEFILE_WRITE_THROUGH has waited for the rename.
}

std::uint64_t DiskStorage::free_bytes(const std::filesystem::path& folder) {
  ULARGE_INTEGER available{};
  if (!::GetDiskFreeSpaceExW(system_path(folder).c_str(), &available, nullptr, nullptr)) {
    throw failure("measure the free space of", folder, ::GetLastError());
  }
  return available.QuadPart;
}

std::vector<StoredEntry> DiskStorage::list(const std::filesystem::path& folder) {
  const FileHandle held = held_folder(folder, "list");
  WIN32_FIND_DATAW found{};
  const FindHandle search(::FindFirstFileW(system_path(folder / L"*").c_str(), &found));
  if (!search) {
    // Only the root of a drive can be without even "." and "..".
    if (::GetLastError() == ERROR_FILE_NOT_FOUND && is_folder(folder)) return {};
    throw failure("list", folder, ::GetLastError());
  }
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
