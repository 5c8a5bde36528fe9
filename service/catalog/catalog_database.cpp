#include "service/catalog/catalog_database.h"

#include <utility>

#include <fmt/format.h>

#include "common/path_text.h"

namespace holdfast {
namespace {

constexpr int kBusyMilliseconds = 1000;
constexpr const char* kSetAside =
    "Restart the Holdfast service: it sets the catalog aside and learns of the archives from the "
    "archives themselves.";

void set(sqlite3* connection, int option, int value) {
  ::sqlite3_db_config(connection, option, value, static_cast<int*>(nullptr));
}

}  // namespace

Error damaged_catalog(const std::filesystem::path& file, std::string_view why) {
  return {ErrorCode::DatabaseDamaged,
          fmt::format("The catalog {} is damaged: {}.", path_text(file), why), kSetAside};
}

Error catalog_failure(const std::filesystem::path& file, int result, sqlite3* connection) {
  const std::string attempt = "Cannot use the catalog " + path_text(file);
  const int system_error = connection == nullptr ? 0 : ::sqlite3_system_errno(connection);
  const std::string detail =
      system_error == 0 ? "." : fmt::format(" (system error {}).", system_error);
  const std::string message =
      connection == nullptr ? ::sqlite3_errstr(result) : ::sqlite3_errmsg(connection);
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {ErrorCode::DatabaseBusy, attempt + ": another program has locked it.",
              "Close the program that has it open."};
    // The statements are sound, and so it is the file that they do not fit.
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return damaged_catalog(file, message);
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {ErrorCode::AccessDenied,
              attempt + ": the file or its folder cannot be written to" + detail,
              "Let the account of the Holdfast service write to the file and to its folder."};
    case SQLITE_FULL:
      return {ErrorCode::DiskFull, attempt + ": the disk is full.", "Make room on the disk."};
    default:
      return {ErrorCode::SystemCallFailed, attempt + ": " + message + detail,
              "Check the disk, then restart the Holdfast service."};
  }
}

CatalogDatabase::CatalogDatabase(std::filesystem::path file) : file_(std::move(file)) {
  sqlite3* connection = nullptr;
  const int result = ::sqlite3_open_v2(
      path_text(file_).c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  connection_.reset(connection);
  if (result != SQLITE_OK) throw failure()(result);
  // Where it may not write, SQLite opens for reading without a word.
  if (is_read_only()) throw failure()(SQLITE_READONLY);
  set(connection, SQLITE_DBCONFIG_DEFENSIVE, 1);
  set(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  set(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  ::sqlite3_busy_timeout(connection, kBusyMilliseconds);
  run("PRAGMA cell_size_check=1; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;");
}

SqliteQuery CatalogDatabase::query(std::string_view sql) const {
  return {connection_.get(), sql, failure()};
}

void CatalogDatabase::run(const std::string& sql) const {
  const int result = ::sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw failure()(result);
}

SqliteTransaction CatalogDatabase::transaction() const {
  return {connection_.get(), failure()};
}

void CatalogDatabase::make_writable() {
  run("PRAGMA journal_mode=WAL");
  run("PRAGMA synchronous=FULL");
  run("PRAGMA foreign_keys=1");
  // A WAL that one large change made long is cut again.
  run("PRAGMA journal_size_limit=4194304");
  set(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0);
}

// Of the connection itself: what is made of this may outlive a move of the object.
SqliteFailure CatalogDatabase::failure() const {
  return [file = file_, connection = connection_.get()](int result) {
    return catalog_failure(file, result, connection);
  };
}

}  // namespace holdfast
