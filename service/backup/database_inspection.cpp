#include "service/backup/database_inspection.h"

#include <sqlite3.h>

#include "common/error.h"
#include "service/backup/database_snapshot.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/backup/sqlite_watch.h"

namespace holdfast {
namespace {

// Without any lock: what it finds may come from a change that was under way.
bool seems_sound(const std::filesystem::path& database, const std::stop_token& stop) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(
      file_alone(database).c_str(), &raw,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  const SqliteConnection connection(raw);
  if (result != SQLITE_OK) throw sqlite_failure(database, result, raw);
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, static_cast<int*>(nullptr));
  const SqliteWatch watch(raw, [&stop] { return stop.stop_requested(); });
  try {
    return integrity_faults(database, raw).empty();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string inspect_database(const std::filesystem::path& database, const std::stop_token& stop) {
  DatabaseSnapshot snapshot(database, DatabaseSnapshot::Begin::Later);
  if (snapshot.blocks_writers()) {
    if (seems_sound(database, stop)) return {};
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The check was cancelled.", "");
    snapshot.begin();
  }
  return snapshot.integrity_faults([&stop] { return stop.stop_requested(); });
}

}  // namespace holdfast
