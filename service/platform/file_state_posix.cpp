#include <algorithm>

#include <sys/stat.h>

#include "common/path_text.h"
#include "service/platform/file_state.h"

namespace holdfast {
namespace {

FileTime time_of(const timespec& time) {
  // A file can claim any time at all; this many seconds still fit.
  constexpr std::int64_t kMostSeconds = 900'000'000'000;
  const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -kMostSeconds, kMostSeconds);
  return FileTime(FileTime::duration(seconds * 10'000'000 + time.tv_nsec / 100));
}

}  // namespace

std::optional<FileState> file_state(const std::filesystem::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return FileState{.volume = static_cast<std::uint64_t>(facts.st_dev),
                   .number = static_cast<std::uint64_t>(facts.st_ino),
                   .size = static_cast<std::uint64_t>(facts.st_size),
                   .modified = time_of(facts.st_mtim),
                   .changed = time_of(facts.st_ctim)};
}

// SQLite gives no descriptor away: so the name is asked, and whether it leads to the file.
std::optional<FileState> file_state(sqlite3* connection) {
  const std::filesystem::path path = text_path(::sqlite3_db_filename(connection, "main"));
  const std::optional<FileState> before = file_state(path);
  int has_moved = 1;
  ::sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
  if (has_moved != 0 || file_state(path) != before) return std::nullopt;
  return before;
}

}  // namespace holdfast
