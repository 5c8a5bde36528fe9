#include "service/backup/live_database.h"

#include <algorithm>
#include <array>
#include <string>
#include <system_error>

#include "common/error.h"
#include "common/path_text.h"
#include "service/backup/sqlite_failure.h"
#include "service/platform/path_limits.h"

namespace holdfast {
namespace {

// The caller tries again later; a writer that is fair lets a reader in within this time.
constexpr int kBusyMilliseconds = 500;
constexpr int kLockTryMilliseconds = 10;

constexpr int kFormatPlace = 18;  // the write and the read version; 2 stands for WAL
constexpr int kFormatWal = 2;

constexpr int kOpenFlags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

void refuse_what_is_no_file(const std::filesystem::path& path) {
  const std::string attempt = "Cannot read the database " + path_text(path);
  const std::string check = "Check the path of the database in the configuration.";
  std::error_code failure;
  const auto kind = std::filesystem::status(path, failure).type();
  if (kind == std::filesystem::file_type::not_found) {
    throw Error(ErrorCode::NotFound, attempt + ": there is no such file.", check);
  }
  if (kind == std::filesystem::file_type::directory) {
    throw Error(ErrorCode::NotADatabase, attempt + ": it is a folder.", check);
  }
  if (kind == std::filesystem::file_type::none) {
    throw Error(ErrorCode::AccessDenied, attempt + ": it cannot be looked at.",
                "Let the account of the Holdfast service read the file and its folder.");
  }
  if (kind != std::filesystem::file_type::regular) {
    throw Error(ErrorCode::NotADatabase, attempt + ": it is not an ordinary file.", check);
  }
}

SqliteConnection open(const std::filesystem::path& path, const std::string& name, int flags) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(name.c_str(), &raw, flags | kOpenFlags, nullptr);
  SqliteConnection connection(raw);
  if (result != SQLITE_OK) throw sqlite_failure(path, result, raw);
  return connection;
}

void set(sqlite3* connection, int option, int value) {
  ::sqlite3_db_config(connection, option, value, static_cast<int*>(nullptr));
}

void make_harmless(const std::filesystem::path& path, sqlite3* connection) {
  set(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1);
  set(connection, SQLITE_DBCONFIG_DEFENSIVE, 1);
  set(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0);
  ::sqlite3_busy_timeout(connection, kBusyMilliseconds);
  ::sqlite3_wal_autocheckpoint(connection, 0);
  // Patients' data goes to no temporary file; a page is read, not mapped, so that a disk that
  // fails is an error and not the end of the process.
  const int result = ::sqlite3_exec(connection,
                                    "PRAGMA query_only=1; PRAGMA mmap_size=0; "
                                    "PRAGMA cell_size_check=1; PRAGMA temp_store=MEMORY;",
                                    nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw sqlite_failure(path, result, connection);
}

sqlite3_file* file_of(sqlite3* connection) {
  sqlite3_file* file = nullptr;
  ::sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  return file;
}

int lock_shared(sqlite3_file* file) {
  int result = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
  for (int waited = 0; result == SQLITE_BUSY && waited < kBusyMilliseconds;
       waited += kLockTryMilliseconds) {
    ::sqlite3_sleep(kLockTryMilliseconds);
    result = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
  }
  return result;
}

void unlock(sqlite3_file* file) {
  file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
}

std::filesystem::path beside(std::filesystem::path path, const char* suffix) {
  return path += suffix;
}

bool hold_nothing(const Sidecars& sidecars) {
  return !sidecars.wal_bytes || (*sidecars.wal_bytes == 0 && !sidecars.has_shm);
}

}  // namespace

std::string file_alone(const std::filesystem::path& path) {
  const std::string text = path_text(path);
  std::string uri = text.starts_with('/') ? "file://" : "file:";
  for (const char letter : text) {
    switch (letter) {
      case '%': uri += "%25"; break;
      case '?': uri += "%3f"; break;
      case '#': uri += "%23"; break;
      default: uri += letter;
    }
  }
  return uri + "?immutable=1";
}

LiveDatabase::LiveDatabase(const std::filesystem::path& path) : path_(path) {
  check_path(path);
  refuse_what_is_no_file(path);
  file_ = open(path, file_alone(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  real_ = text_path(::sqlite3_db_filename(file_.get(), "main"));
  sqlite3_file* file = file_of(file_.get());
  const int result = lock_shared(file);
  if (result != SQLITE_OK) throw sqlite_failure(path, result, file_.get());
  make_harmless(path, file_.get());

  before_ = sidecars();
  if (file_bytes() == 0) {
    throw Error(
        ErrorCode::DatabaseEmpty,
        "Cannot read the database " + path_text(path) + ": the file is empty, 0 bytes long.",
        "If its application never stored anything, there is nothing to back up. Otherwise "
        "restore it from the newest good archive.");
  }
  const bool wal = is_wal();
  if (wal && hold_nothing(before_)) return;
  // In rollback mode a writer that waits for this lock would refuse the connection's own.
  if (!wal) unlock(file);
  connection_ = open(path, path_text(real_), SQLITE_OPEN_READONLY);
  make_harmless(path, connection_.get());
}

LiveDatabase::~LiveDatabase() {
  connection_.reset();
  file_.reset();
  remove_own_sidecars();
}

void LiveDatabase::begin() const {
  // The transaction opens with the first look at the file.
  const int result =
      ::sqlite3_exec(connection(), "BEGIN; PRAGMA schema_version", nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) throw sqlite_failure(path_, result, connection());
  check_still_rests();
}

void LiveDatabase::check_still_rests() const {
  if (!rests() || sidecars() == before_) return;
  throw Error(ErrorCode::DatabaseBusy,
              "Cannot read the database " + path_text(path_) +
                  ": another program opened it at the same moment.",
              "Wait for the next try.");
}

std::uint64_t LiveDatabase::file_bytes() const {
  sqlite3_int64 size = 0;
  sqlite3_file* file = file_of(connection());
  const int result = file->pMethods->xFileSize(file, &size);
  if (result != SQLITE_OK) throw sqlite_failure(path_, result, connection());
  return static_cast<std::uint64_t>(size);
}

std::vector<std::byte> LiveDatabase::peek(std::uint64_t place, std::size_t bytes) const {
  std::vector<std::byte> content(bytes);
  sqlite3_file* file = file_of(file_.get());
  if (file->pMethods->xRead(file, content.data(), static_cast<int>(bytes),
                            static_cast<sqlite3_int64>(place)) != SQLITE_OK) {
    std::ranges::fill(content, std::byte{0});
  }
  return content;
}

bool LiveDatabase::is_wal() const {
  std::array<unsigned char, 2> versions{};
  sqlite3_file* file = file_of(file_.get());
  // A file too short for a header has zeros here; SQLite will say what is wrong with it.
  const int result = file->pMethods->xRead(file, versions.data(), 2, kFormatPlace);
  if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ) {
    throw sqlite_failure(path_, result, file_.get());
  }
  return versions[1] == kFormatWal;
}

Sidecars LiveDatabase::sidecars() const {
  Sidecars found;
  std::error_code failure;
  const auto wal_bytes = std::filesystem::file_size(beside(real_, "-wal"), failure);
  if (!failure) found.wal_bytes = wal_bytes;
  if (!failure || failure == std::errc::no_such_file_or_directory) {
    found.has_shm = std::filesystem::exists(beside(real_, "-shm"), failure);
    if (!failure) return found;
  }
  throw Error(ErrorCode::AccessDenied,
              "Cannot read the database " + path_text(path_) +
                  ": the -wal and -shm files beside it cannot be looked at (system error " +
                  std::to_string(failure.value()) + ").",
              "Let the account of the Holdfast service read the folder of the database.");
}

// As SQLite does when the last connection closes: whoever has the exclusive lock is alone.
void LiveDatabase::remove_own_sidecars() const {
  if (before_.has_shm && before_.wal_bytes) return;
  std::error_code ignored;
  const auto shm = beside(real_, "-shm");
  const auto wal = beside(real_, "-wal");
  const bool own_shm = !before_.has_shm && std::filesystem::exists(shm, ignored);
  const bool own_wal = !before_.wal_bytes && std::filesystem::exists(wal, ignored);
  if (!own_shm && !own_wal) return;

  sqlite3* raw = nullptr;
  const int opened = ::sqlite3_open_v2(path_text(real_).c_str(), &raw,
                                       SQLITE_OPEN_READWRITE | kOpenFlags, nullptr);
  const SqliteConnection connection(raw);
  if (opened != SQLITE_OK) return;
  sqlite3_file* file = file_of(raw);
  if (file->pMethods->xLock(file, SQLITE_LOCK_SHARED) == SQLITE_OK &&
      file->pMethods->xLock(file, SQLITE_LOCK_EXCLUSIVE) == SQLITE_OK) {
    if (own_shm) std::filesystem::remove(shm, ignored);
    if (own_wal && std::filesystem::file_size(wal, ignored) == 0) {
      std::filesystem::remove(wal, ignored);
    }
  }
  unlock(file);
}

}  // namespace holdfast
