#include "service/backup/sqlite_failure.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <system_error>

#include "common/path_text.h"

namespace holdfast {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "SQLite format 3\0"sv;
constexpr std::size_t kLookedAtBytes = 1024;
constexpr std::uint64_t kSmallestPage = 512;
// ERROR_SHARING_VIOLATION. Elsewhere the number is EPIPE, which opening a file never gives.
constexpr int kSharingViolation = 32;

// Asks SQLite's own handle: closing another one would drop every lock this process has on the file.
Error not_a_database(const std::string& attempt, sqlite3* connection) {
  sqlite3_file* file = nullptr;
  sqlite3_int64 size = 0;
  std::array<std::byte, kLookedAtBytes> buffer{};
  ::sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  const bool readable = file != nullptr && file->pMethods != nullptr &&
                        file->pMethods->xFileSize(file, &size) == SQLITE_OK;
  const auto length = std::min(buffer.size(), static_cast<std::size_t>(size));
  if (!readable ||
      file->pMethods->xRead(file, buffer.data(), static_cast<int>(length), 0) != SQLITE_OK) {
    return {ErrorCode::NotADatabase,
            attempt + ": it is not an SQLite database, or it is encrypted.",
            "Check the path of the database in the configuration."};
  }
  const auto start = std::span(buffer).first(length);
  const auto same = [](std::byte byte, char letter) {
    return byte == static_cast<std::byte>(letter);
  };
  if (length >= kMagic.size() &&
      std::equal(kMagic.begin(), kMagic.end(), start.begin(),
                 [&](char letter, std::byte byte) { return same(byte, letter); })) {
    return {ErrorCode::DatabaseDamaged,
            attempt + ": it is an SQLite database, but the header of its file is damaged.",
            "Restore it from the newest good archive."};
  }
  if (looks_encrypted(start, static_cast<std::uint64_t>(size))) {
    return {
        ErrorCode::NotADatabase,
        attempt + ": it is probably encrypted, for it is whole pages of bytes that look random.",
        "Holdfast cannot read an encrypted database. List it among the files of the dataset and "
        "back it up while its application is closed."};
  }
  return {ErrorCode::NotADatabase, attempt + ": it is a file, but not an SQLite database.",
          "Check the path of the database in the configuration."};
}

Error refused(const std::string& attempt, sqlite3* connection, const std::string& detail) {
  const int system_error = ::sqlite3_system_errno(connection);
  if (system_error == kSharingViolation) {
    return {ErrorCode::DatabaseBusy,
            attempt + ": another program keeps the file to itself" + detail,
            "Close that program, or wait for the next try."};
  }
  return {ErrorCode::AccessDenied, attempt + ": the file or its folder cannot be opened" + detail,
          "Let the account of the Holdfast service read the database and write to its folder: "
          "reading a database that is in use needs the -wal and -shm files beside it."};
}

}  // namespace

bool looks_encrypted(std::span<const std::byte> start, std::uint64_t file_bytes) {
  if (file_bytes == 0 || file_bytes % kSmallestPage != 0) return false;
  std::bitset<256> seen;
  for (const std::byte byte : start) seen.set(std::to_integer<std::size_t>(byte));
  // 512 random bytes hold some 221 different values, text less than 100.
  return seen.count() >= 192;
}

Error sqlite_failure(const std::filesystem::path& database, int result, sqlite3* connection) {
  const std::string attempt = "Cannot read the database " + path_text(database);
  const int system_error = connection == nullptr ? 0 : ::sqlite3_system_errno(connection);
  const std::string detail =
      system_error == 0 ? "." : " (system error " + std::to_string(system_error) + ").";
  if (result == SQLITE_READONLY_ROLLBACK) {
    return {ErrorCode::DatabaseBusy,
            attempt +
                ": its application was interrupted in the middle of a change, and the journal "
                "that undoes the change still lies beside it.",
            "Open the application once: it repairs the database by itself. Do not delete the "
            "-journal file."};
  }
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return {ErrorCode::DatabaseBusy, attempt + ": another program has locked it.",
              "Wait for the next try. If this lasts, close the program that uses the database."};
    case SQLITE_NOTADB: return not_a_database(attempt, connection);
    case SQLITE_CORRUPT:
      return {ErrorCode::DatabaseDamaged,
              attempt + ": it is damaged (" + ::sqlite3_errmsg(connection) + ").",
              "Restore it from the newest good archive."};
    // Holdfast's own statements are sound, so it is the file that they do not fit.
    case SQLITE_ERROR:
      return {ErrorCode::DatabaseDamaged,
              attempt + ": it is damaged, or of a newer kind than this version of SQLite knows (" +
                  ::sqlite3_errmsg(connection) + ").",
              "If its application opens it without trouble, update Holdfast. Otherwise restore it "
              "from the newest good archive."};
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return refused(attempt, connection, detail);
    case SQLITE_FULL:
      return {ErrorCode::DiskFull, attempt + ": the disk is full.", "Make room on the disk."};
    default:
      return {ErrorCode::SystemCallFailed,
              attempt + ": " +
                  (connection ? ::sqlite3_errmsg(connection) : ::sqlite3_errstr(result)) + detail,
              "Check the disk and the connection to it, then try again."};
  }
}

}  // namespace holdfast
