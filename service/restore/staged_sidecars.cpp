#include "service/restore/staged_sidecars.h"

#include <sqlite3.h>

#include <array>
#include <system_error>

#include <fmt/format.h>

#include "common/path_text.h"
#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/sqlite_sidecars.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {
namespace {

using JournalEnd = std::array<unsigned char, 8>;
constexpr JournalEnd kNamesSuperJournal{0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7};

std::filesystem::path beside(std::filesystem::path database, std::string_view end) {
  return database += text_path(end);
}

std::uint64_t bytes_of(const std::filesystem::path& path) {
  std::error_code missing;
  const std::uint64_t bytes = std::filesystem::file_size(path, missing);
  return missing ? 0 : bytes;
}

// A journal of a transaction over several databases ends in the path of another file, which SQLite
// would look at, and delete.
bool names_another_file(Storage& storage, const std::filesystem::path& journal) {
  const std::uint64_t bytes = bytes_of(journal);
  if (bytes < kNamesSuperJournal.size()) return false;
  JournalEnd end{};
  storage.open(journal)->read_at(bytes - end.size(), std::as_writable_bytes(std::span(end)));
  return end == kNamesSuperJournal;
}

bool take_in(const std::filesystem::path& database) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(
      path_text(database).c_str(), &raw,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  const SqliteConnection connection(raw);
  if (result != SQLITE_OK) return false;
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, static_cast<int*>(nullptr));
  // Reading rolls back what a journal holds; the copy is flushed before the rest is deleted.
  return ::sqlite3_exec(raw,
                        "PRAGMA synchronous=FULL; PRAGMA schema_version; "
                        "PRAGMA wal_checkpoint(TRUNCATE);",
                        nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace

void take_in_sidecars(Storage& storage, const std::filesystem::path& database,
                      const std::string& archive, const std::string& name) {
  const std::filesystem::path wal = beside(database, "-wal");
  const std::filesystem::path journal = beside(database, "-journal");
  const auto cannot = [&] {
    return damaged_archive(
        archive, fmt::format("what stands beside {} in it cannot be taken in", one_line(name)));
  };
  if (names_another_file(storage, journal)) throw cannot();
  const bool has_more = bytes_of(wal) > 0 || bytes_of(journal) > 0;
  if (has_more && (!take_in(database) || bytes_of(wal) > 0)) throw cannot();
  for (const std::string_view end : kSqliteSidecars) {
    std::error_code missing;
    std::filesystem::remove(beside(database, end), missing);
  }
}

}  // namespace holdfast
