#include <windows.h>

#include "common/unique_handle.h"
#include "service/platform/file_state.h"
#include "service/platform/system_path.h"

namespace holdfast {
namespace {

std::uint64_t joined(DWORD high, DWORD low) {
  return static_cast<std::uint64_t>(high) << 32 | low;
}

// Both systems count in steps of 100 nanoseconds, from 1601 and from 1970.
FileTime time_of(std::uint64_t since_1601) {
  constexpr std::uint64_t k1970 = 116'444'736'000'000'000;
  return FileTime(FileTime::duration(static_cast<std::int64_t>(since_1601 - k1970)));
}

std::optional<FileState> state_of(HANDLE file) {
  BY_HANDLE_FILE_INFORMATION facts{};
  FILE_BASIC_INFO times{};
  if (!::GetFileInformationByHandle(file, &facts) ||
      !::GetFileInformationByHandleEx(file, FileBasicInfo, &times, sizeof(times))) {
    return std::nullopt;
  }
  return FileState{.volume = facts.dwVolumeSerialNumber,
                   .number = joined(facts.nFileIndexHigh, facts.nFileIndexLow),
                   .size = joined(facts.nFileSizeHigh, facts.nFileSizeLow),
                   .modified = time_of(static_cast<std::uint64_t>(times.LastWriteTime.QuadPart)),
                   .changed = time_of(static_cast<std::uint64_t>(times.ChangeTime.QuadPart))};
}

}  // namespace

std::optional<FileState> file_state(const std::filesystem::path& path) {
  // With no access but to the attributes, no other program's sharing is asked for.
  const FileHandle file(::CreateFileW(system_path(path).c_str(), FILE_READ_ATTRIBUTES,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                      nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  return file ? state_of(file.get()) : std::nullopt;
}

std::optional<FileState> file_state(sqlite3* connection) {
  HANDLE file = INVALID_HANDLE_VALUE;
  ::sqlite3_file_control(connection, "main", SQLITE_FCNTL_WIN32_GET_HANDLE, &file);
  return file == INVALID_HANDLE_VALUE ? std::nullopt : state_of(file);
}

}  // namespace holdfast
