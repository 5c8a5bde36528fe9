#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "common/error.h"
#include "service/archive/archive_vfs.h"
#include "service/archive/manifest.h"
#include "service/backup/count_query.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

// A database of what is restored, in a file that nobody else has open or still in its archive. It
// comes from outside: it is only read, and nothing that its schema names is called. It may be no
// database at all, and then has a damage that says so.
class StagedDatabase {
 public:
  // `cancelled` is what is thrown once `must_end` says so. Throws Error when the file cannot be
  // opened.
  StagedDatabase(const std::filesystem::path& file, std::function<bool()> must_end,
                 Error cancelled);
  // `file` is what is told of it.
  StagedDatabase(std::filesystem::path file, std::unique_ptr<ArchiveDatabase> archived,
                 std::function<bool()> must_end, Error cancelled);

  sqlite3* connection() const { return archived_ ? archived_->handle() : connection_.get(); }

  // What the check of all of it finds, as the end of a sentence about it; empty when it is sound.
  std::string damage() const;
  // Of what was counted when it was archived, all that is counted by the same query now: the first
  // number that is another, as a sentence's end; empty when there is none. Throws
  // Error(CountFailed).
  std::string miscount(const Manifest& archived,
                       const std::map<std::string, std::string>& queries) const;

 private:
  void end_if_asked() const;

  std::filesystem::path file_;
  std::function<bool()> must_end_;
  Error cancelled_;
  SqliteConnection connection_;
  std::unique_ptr<ArchiveDatabase> archived_;
};

}  // namespace holdfast
