#include "service/archive/archive_vfs.h"

#include <sqlite3.h>

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/archive/extract_archive.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

// The first column of the first row, or the error.
std::string answer(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  std::string text = "error: ";
  if (sqlite3_prepare_v2(database, sql, -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  } else {
    text += sqlite3_errmsg(database);
  }
  sqlite3_finalize(statement);
  return text;
}

// A database of some megabytes in WAL mode, everything checkpointed.
std::string database_bytes(const std::filesystem::path& file) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path_text(file).c_str(), &database) == SQLITE_OK);
  const char* sql =
      "PRAGMA journal_mode=WAL;"
      "CREATE TABLE visits(id INTEGER PRIMARY KEY, note TEXT, day INTEGER);"
      "CREATE INDEX by_day ON visits(day);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
      "INSERT INTO visits SELECT i, hex(randomblob(100)), i * 7919 % 20011 FROM n;";
  REQUIRE(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  return file_content(file);
}

CraftedArchive archive_of(const std::string& database) {
  CraftedArchive archive = small_archive();
  archive.entries[0].content = database;
  archive.entries[0].page_size = 4096;
  return archive;
}

TEST_CASE("A database is asked and checked inside its archive") {
  const TemporaryFolder folder;
  const std::string bytes = database_bytes(folder.path() / "live.db");
  REQUIRE(bytes.size() > 3 * kBlockBytes);
  REQUIRE(bytes[18] == 2);
  OneFileStorage storage(archive_of(bytes).bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  const ArchiveDatabase database(archive.content(0));
  CHECK(answer(database.handle(), "SELECT count(*) FROM visits") == "20000");
  CHECK(answer(database.handle(), "PRAGMA integrity_check") == "ok");
  CHECK(answer(database.handle(), "SELECT count(DISTINCT note) FROM visits") == "20000");
  CHECK_FALSE(database.read_failure());
}

TEST_CASE("A database in an archive cannot be written, and makes no file") {
  const TemporaryFolder folder;
  OneFileStorage storage(archive_of(database_bytes(folder.path() / "live.db")).bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  const ArchiveDatabase database(archive.content(0));
  for (const char* sql : {"DELETE FROM visits", "CREATE TABLE t(a)", "VACUUM INTO 'copy.db'",
                          "ATTACH 'other.db' AS other"}) {
    CAPTURE(sql);
    CHECK(sqlite3_exec(database.handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK);
    CHECK_FALSE(std::filesystem::exists("copy.db"));
    CHECK_FALSE(std::filesystem::exists("other.db"));
  }
  CHECK(answer(database.handle(), "SELECT count(*) FROM visits") == "20000");
}

TEST_CASE("Several databases in archives are open at once") {
  const TemporaryFolder folder;
  OneFileStorage storage(archive_of(database_bytes(folder.path() / "live.db")).bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  const ArchiveDatabase first(archive.content(0));
  {
    const ArchiveDatabase second(archive.content(0));
    CHECK(answer(second.handle(), "SELECT count(*) FROM visits") == "20000");
  }
  CHECK(answer(first.handle(), "SELECT count(*) FROM visits") == "20000");
}

TEST_CASE("A damaged block in an archive is told as the reason that SQLite does not know") {
  const TemporaryFolder folder;
  CraftedArchive crafted = archive_of(database_bytes(folder.path() / "live.db"));
  std::vector<std::uint64_t> offsets;
  std::string deflated = deflated_blocks(crafted.entries[0].content, offsets);
  deflated[static_cast<std::size_t>(offsets[2])] = '\x07';
  crafted.entries[0].deflated = deflated;
  OneFileStorage storage(crafted.bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  const ArchiveDatabase database(archive.content(0));
  CHECK(answer(database.handle(), "SELECT sum(length(note)) FROM visits") ==
        "error: disk I/O error");
  REQUIRE(database.read_failure());
  CHECK(database.read_failure()->code() == ErrorCode::ArchiveDamaged);
}

TEST_CASE("An entry that is no database is not opened as one") {
  OneFileStorage storage(small_archive().bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  try {
    const ArchiveDatabase database(archive.content(1));
    FAIL("it was opened");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::NotADatabase);
  }
  const ArchiveDatabase nonsense(archive.content(0));
  CHECK(answer(nonsense.handle(), "SELECT 1 FROM sqlite_schema") ==
        "error: file is not a database");
}

TEST_CASE("An extracted database is whole and counts what the live one does") {
  const TemporaryFolder folder;
  OneFileStorage storage(archive_of(database_bytes(folder.path() / "live.db")).bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  DiskStorage disk;
  extract_archive(archive, disk, folder.path() / "out");
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path_text(folder.path() / "out" / "clinic.db").c_str(), &database) ==
          SQLITE_OK);
  CHECK(answer(database, "PRAGMA integrity_check") == "ok");
  CHECK(answer(database, "SELECT count(*) FROM visits") == "20000");
  sqlite3_close(database);
}

}  // namespace
}  // namespace holdfast
