#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/backup/include_pattern.h"
#include "service/platform/file_state.h"
#include "service/platform/storage.h"

namespace holdfast {

struct SideFile {
  std::string name;  // relative to the database's folder, with '/'
  std::uint64_t size = 0;
  // A live SQLite database of its own, to be read as one and never copied as a file.
  bool is_database = false;
  std::optional<FileState> state;  // as it was when it was found; nothing when that is not known
};

// What goes with a database: every file in its folder that a pattern names, in the order of the
// names. Links are not followed; the database, its own and every other database's -wal, -shm and
// -journal, Holdfast's archives, finished or not, the manifest of one that was unpacked, and what a
// restore keeps there are left out. Throws Error(ConfigFaulty) for a name that no archive can have.
std::vector<SideFile> side_files(Storage& storage, const std::filesystem::path& database,
                                 const std::vector<std::string>& include, LetterCase letter_case);

}  // namespace holdfast
