#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "common/error.h"
#include "service/backup/backup_run.h"
#include "service/restore/page_difference.h"

namespace holdfast {

// What is there before a restore, archived.
class SafetyArchive {
 public:
  // `request` is how it is archived; it must outlive this.
  SafetyArchive(const BackupRequest& request, Storage& storage, const Clock& clock);

  // Archives all that the archive which is restored would replace, configured or not, and finds out
  // which pages differ from it. Throws what run_backup() throws.
  void make(const Manifest& restored, PageDifference& difference,
            const OnBackupProgress& on_progress, const std::stop_token& stop);

  // Empty until it is made.
  const std::filesystem::path& path() const { return made_.archive; }
  const BackupResult& made() const { return made_; }
  // Whether the file of this name, relative to the database's folder, is in it.
  bool has(const std::string& name) const;

 private:
  const BackupRequest& request_;
  Storage& storage_;
  const Clock& clock_;
  BackupResult made_;
};

// Whether a database that fails in this way cannot be archived, nor be replaced by a transaction of
// its own, but as a file.
bool must_be_set_aside(ErrorCode code);

}  // namespace holdfast
