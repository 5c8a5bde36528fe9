#include "service/backup/integrity_check.h"

#include <array>
#include <limits>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "common/error.h"
#include "service/archive/archive_reader.h"
#include "service/archive/archive_vfs.h"
#include "service/backup/database_snapshot.h"
#include "service/backup/index_comparison.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/database_kinds.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

constexpr std::uint64_t kAllAreLarge = 0;
constexpr std::uint64_t kAllAreSmall = std::numeric_limits<std::uint64_t>::max();

struct Format {
  int page_size;
  const char* encoding;
  const char* vacuum;
  const char* journal;
};

constexpr std::array kFormats{
    Format{512, "UTF-8", "NONE", "DELETE"},     Format{1024, "UTF-8", "FULL", "WAL"},
    Format{4096, "UTF-8", "NONE", "WAL"},       Format{65536, "UTF-8", "INCREMENTAL", "DELETE"},
    Format{1024, "UTF-16le", "NONE", "DELETE"}, Format{2048, "UTF-16be", "FULL", "WAL"}};

SqliteConnection make(const std::filesystem::path& path, const Format& format,
                      const DatabaseKind& kind) {
  SqliteConnection connection = open_database(path);
  equip_as_application(connection.get());
  execute(connection.get(), "PRAGMA page_size=" + std::to_string(format.page_size) +
                                "; PRAGMA encoding='" + format.encoding +
                                "'; PRAGMA auto_vacuum=" + format.vacuum +
                                "; PRAGMA journal_mode=" + format.journal + ";" + kind.sql);
  return connection;
}

TEST_CASE("A sound database of any kind has no faults, whichever way it is checked") {
  const Format format = GENERATE(from_range(kFormats));
  for (const DatabaseKind& kind : database_kinds()) {
    CAPTURE(kind.name, format.page_size, format.encoding);
    const TemporaryFolder folder;
    const auto path = folder.path() / "sound.db";
    // Its application has it open, so that part of it is in the WAL.
    const SqliteConnection application = make(path, format, kind);
    CHECK(ask(application.get(), "PRAGMA integrity_check") == "ok");
    const SqliteConnection reader = open_database(path);
    CHECK(integrity_faults(path, reader.get(), kAllAreLarge).empty());
    CHECK(integrity_faults(path, reader.get(), kAllAreSmall).empty());
    CHECK(ask(reader.get(), "SELECT count(*) FROM sqlite_schema") ==
          ask(application.get(), "SELECT count(*) FROM sqlite_schema"));
  }
}

TEST_CASE("Plain indexes are compared with their tables without a lookup") {
  const Format format = kFormats[static_cast<std::size_t>(GENERATE(range(0, 4)))];
  for (const DatabaseKind& kind : database_kinds()) {
    CAPTURE(kind.name, format.page_size);
    const TemporaryFolder folder;
    const auto path = folder.path() / "sound.db";
    const SqliteConnection connection = make(path, format, kind);
    const auto tables = indexed_tables(path, connection.get());
    REQUIRE(tables);
    CHECK_FALSE(tables->empty());
    bool all = true;
    IndexComparison comparison(path, connection.get());
    for (const TableLayout& table : *tables) {
      all = all && table.indexes;
      if (table.indexes) CHECK(comparison.fault(table.name, *table.indexes) == "");
    }
    CHECK(all == kind.is_plain);
  }
}

TEST_CASE("A database of the old format, whose indexes never descend, has no faults") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "old.db";
  const SqliteConnection connection = open_database(path);
  sqlite3_db_config(connection.get(), SQLITE_DBCONFIG_LEGACY_FILE_FORMAT, 1, nullptr);
  execute(connection.get(), database_kinds()[1].sql);
  REQUIRE(file_content(path)[47] == 1);
  CHECK(ask(connection.get(), "PRAGMA integrity_check") == "ok");
  CHECK(integrity_faults(path, connection.get(), kAllAreLarge).empty());
}

TEST_CASE("What only an application can read is left out, and the rest is checked") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "own.db";
  make(path, kFormats[1], application_kind());
  CHECK(integrity_faults(path, open_database(path).get(), kAllAreLarge).empty());
  std::string content = file_content(path);
  content.replace(content.size() - 3 * 1024, 1024, 1024, '\xA5');
  write_file(path, content);
  const std::string faults = integrity_faults(path, open_database(path).get(), kAllAreLarge);
  CHECK_FALSE(faults.empty());
  CHECK(integrity_faults(path, open_database(path).get(), kAllAreSmall) == faults);
}

TEST_CASE("A check that is asked to end throws, and the connection can be used again") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "sound.db";
  const SqliteConnection connection = make(path, kFormats[2], database_kinds().front());
  const std::string tables = ask(connection.get(), "SELECT count(*) FROM pragma_table_list");
  // After every thousand steps, so in every part of the check.
  int endings = 0;
  for (bool has_ended = true; has_ended; endings += has_ended ? 1 : 0) {
    int left = endings;
    sqlite3_progress_handler(
        connection.get(), 1000, [](void* more) { return --*static_cast<int*>(more) < 0 ? 1 : 0; },
        &left);
    std::string faults = "unknown";
    try {
      faults = integrity_faults(path, connection.get(), kAllAreLarge);
      has_ended = false;
    } catch (const Error&) {
      has_ended = true;
    }
    CHECK(faults == (has_ended ? "unknown" : ""));
  }
  CHECK(endings > 10);
  sqlite3_progress_handler(connection.get(), 0, nullptr, nullptr);
  CHECK(integrity_faults(path, connection.get(), kAllAreLarge).empty());
  CHECK(ask(connection.get(), "SELECT count(*) FROM pragma_table_list") == tables);
}

// Of more bytes than the cache holds; damaged when `note` is another in the index.
void make_large(const std::filesystem::path& path) {
  make_database(path,
                "PRAGMA journal_mode=WAL; CREATE TABLE scan (id INTEGER PRIMARY KEY, note TEXT,"
                " picture BLOB); CREATE INDEX scan_note ON scan (note);"
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                "INSERT INTO scan SELECT i, 'note ' || i, randomblob(10000) FROM n;");
}

TEST_CASE("A large live database is checked by scans, in a snapshot and in an archive") {
  const bool is_damaged = GENERATE(false, true);
  const TemporaryFolder folder;
  const auto path = folder.path() / "large.db";
  make_large(path);
  if (is_damaged) {
    execute(open_database(path).get(),
            "CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema WHERE type = 'index';"
            "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema WHERE type = 'index';"
            "PRAGMA writable_schema=RESET; UPDATE scan SET note = 'other' WHERE id = 1000;"
            "PRAGMA writable_schema=ON; INSERT INTO sqlite_schema SELECT * FROM kept;");
  }
  REQUIRE(std::filesystem::file_size(path) > kIntegrityCacheBytes);
  const std::string expected = is_damaged ? "row 1000 missing from index scan_note" : "";
  DatabaseSnapshot snapshot(path);
  CHECK(snapshot.integrity_faults() == expected);

  CraftedArchive crafted = small_archive();
  crafted.entries[0].content = file_content(path);
  crafted.entries[0].page_size = 4096;
  OneFileStorage storage(crafted.bytes());
  const ArchiveReader archive(storage, "large.zip");
  const ArchiveDatabase database(archive.content(0));
  CHECK(integrity_faults(path, database.handle()) == expected);
}

TEST_CASE("Nothing is left of the comparison in the schema") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "sound.db";
  const SqliteConnection connection = make(path, kFormats[2], database_kinds().front());
  const std::string before = ask(connection.get(), "SELECT count(*) FROM pragma_table_list");
  CHECK(integrity_faults(path, connection.get(), kAllAreLarge).empty());
  CHECK(ask(connection.get(), "SELECT count(*) FROM pragma_table_list") == before);
  CHECK_NOTHROW(execute(connection.get(), "CREATE TABLE more (a UNIQUE); DROP TABLE visit"));
  CHECK(ask(connection.get(), "PRAGMA integrity_check") == "ok");
}

}  // namespace
}  // namespace holdfast
