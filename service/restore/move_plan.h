#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "service/archive/manifest.h"
#include "service/platform/file_state.h"
#include "service/platform/storage.h"
#include "service/restore/restore_preview.h"

namespace holdfast {

// Which files leave a database's folder when an archive is restored there, and which come, by their
// names relative to it.
struct MovePlan {
  // With what each was when the plan was made.
  std::map<std::string, std::optional<FileState>> out;
  std::vector<std::string> in;

  std::vector<std::string> out_names() const;
  bool operator==(const MovePlan&) const = default;
};

// Of the side files only: those that the archive has, and those that belong to the dataset and are
// not in it. Throws Error: AlreadyExists where a link or a folder stands in a file's way,
// ArchiveInvalid where a side file would be taken for the database, or for a part of it.
MovePlan side_file_moves(Storage& storage, const RestoreTarget& target, const Manifest& manifest);

// The database's own file, as far as it is there, and what SQLite keeps beside it.
std::vector<std::string> database_files(const std::filesystem::path& database);
// A name beside the database that nothing has, for what was there until `now`.
std::string free_name_aside(const std::filesystem::path& database, Time now);

}  // namespace holdfast
