#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ratio>

namespace holdfast {

// As fine as file systems keep it: in steps of 100 nanoseconds.
using FileTime =
    std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

// Which file it is, and what tells its states apart without reading it. A program may set
// `modified` to what it likes; `changed` follows every change of the file, of its name and of its
// rights, where the file system keeps it. Windows may set both late: only when the program that
// wrote has closed the file.
struct FileState {
  std::uint64_t volume = 0;
  std::uint64_t number = 0;
  std::uint64_t size = 0;
  FileTime modified{};
  FileTime changed{};

  bool operator==(const FileState&) const = default;
};

// Opens nothing that could be in anybody's way, nor drop a lock. Nothing when it cannot be told.
std::optional<FileState> file_state(const std::filesystem::path& path);
// Of the file that the connection reads. May be nothing when that has lost its name.
std::optional<FileState> file_state(sqlite3* connection);

}  // namespace holdfast
