#include "service/restore/hot_journal.h"

#include <sqlite3.h>

#include "common/path_text.h"
#include "service/platform/is_there.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

bool has_hot_journal(const std::filesystem::path& database) {
  std::filesystem::path journal = database;
  journal += "-journal";
  // Without one the file need not be opened, which leaves traces beside it.
  if (!is_there(journal)) return false;
  sqlite3* raw = nullptr;
  const int opened = ::sqlite3_open_v2(
      path_text(database).c_str(), &raw,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  const SqliteConnection connection(raw);
  return opened == SQLITE_OK && ::sqlite3_exec(raw, "PRAGMA schema_version", nullptr, nullptr,
                                               nullptr) == SQLITE_READONLY_ROLLBACK;
}

}  // namespace holdfast
