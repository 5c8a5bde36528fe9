#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "service/backup/backup_run.h"
#include "service/backup/change_mark.h"

namespace holdfast {

// A database that time passes by: whatever is written to it is dated, and each time otherwise, as
// if it were hours ago.
class OldDatabase {
 public:
  // "clinic.db" in that folder, to be made by somebody else.
  explicit OldDatabase(const std::filesystem::path& folder);

  const std::filesystem::path& path() const { return database_; }
  // With "notes.txt" and all that is in "vectors".
  BackupRequest request() const;

  std::string mark();
  // Without the file's size and times: Windows may be late with them while the file is open.
  DatabaseState state_without_file() const;
  // A digest of the pages, as an archive would have them.
  std::string content() const;

  // Puts another content into the file, or another file into its place.
  enum class Put { Into, InPlace };
  void put(const std::string& content, Put how) const;

  std::vector<std::string> files;  // whatever else is to be dated

 private:
  void date(const std::filesystem::path& path);

  const std::filesystem::path folder_;
  const std::filesystem::path database_;
  std::map<std::filesystem::path, std::filesystem::file_time_type> dated_;
  int writes_ = 0;
  DiskStorage storage_;
};

}  // namespace holdfast
