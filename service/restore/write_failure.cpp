#include "service/restore/write_failure.h"

#include <string>

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/backup/sqlite_failure.h"

namespace holdfast {

Error write_failure(const std::filesystem::path& database, int result, sqlite3* connection) {
  const std::string attempt = "Cannot write to the database " + path_text(database);
  const int system_error = ::sqlite3_system_errno(connection);
  const std::string detail =
      system_error == 0 ? std::string() : fmt::format(" (system error {})", system_error);
  switch (result & 0xFF) {
    case SQLITE_FULL:
      return {ErrorCode::DiskFull, attempt + ": the disk is full.",
              "Make room on the disk of the database, and try again."};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {ErrorCode::AccessDenied,
              fmt::format("{}: it, or its folder, may only be read{}.", attempt, detail),
              "Let the account of Holdfast write to the database and to its folder."};
    case SQLITE_IOERR:
      return {ErrorCode::SystemCallFailed,
              fmt::format("{}: the disk has failed{}.", attempt, detail),
              "Check the disk and the connection to it, then try again."};
    default: return sqlite_failure(database, result, connection);
  }
}

}  // namespace holdfast
