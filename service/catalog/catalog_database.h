#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "common/error.h"
#include "service/platform/sqlite_query.h"

namespace holdfast {

// Why the catalog in `file` cannot be used, for a result that SQLite gave on `connection`.
Error catalog_failure(const std::filesystem::path& file, int result, sqlite3* connection);
// What says of itself what no catalog does; `why` is the end of a sentence.
Error damaged_catalog(const std::filesystem::path& file, std::string_view why);

// The database of a catalog, open. Every failure is an Error that names the file.
class CatalogDatabase {
 public:
  // Opens what there is, or makes an empty file. Nothing is looked at or changed yet.
  explicit CatalogDatabase(std::filesystem::path file);

  const std::filesystem::path& file() const { return file_; }
  SqliteQuery query(std::string_view sql) const;
  // Statements without parameters, one after the other.
  void run(const std::string& sql) const;
  SqliteTransaction transaction() const;
  // The rows that the last statement changed.
  int changes() const { return ::sqlite3_changes(connection_.get()); }

  // Whether the file itself asks not to be written to; known once something was read.
  bool is_read_only() const { return ::sqlite3_db_readonly(connection_.get(), "main") == 1; }

  // Until here the file is only read. From here on it is in WAL mode, what is committed is on the
  // disk, and the WAL goes into the file when it is closed.
  void make_writable();

 private:
  SqliteFailure failure() const;

  std::filesystem::path file_;
  SqliteConnection connection_;
};

}  // namespace holdfast
