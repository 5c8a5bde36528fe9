#include "service/platform/shared_delete.h"

#include <windows.h>
#include <sqlite3.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "service/backup/database_snapshot.h"
#include "service/triggers/query_watch.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

// The pages, to their end.
std::uint64_t pages(DatabaseSnapshot& snapshot) {
  std::uint64_t count = 0;
  snapshot.read_pages([&count](auto) { ++count; });
  return count;
}

TEST_CASE("A database that is watched and archived can be renamed, replaced and deleted") {
  share_deletes();
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(mode);
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  const auto old = folder.path() / "old.db";
  make_database(database, "PRAGMA journal_mode=" + mode + "; CREATE TABLE t (a)");
  const SystemClock clock;
  QueryWatch watch(database, "SELECT count(*) FROM t", clock);
  CHECK_FALSE(watch.poll().changed);
  DatabaseSnapshot snapshot(database);

  REQUIRE(::MoveFileExW(database.c_str(), old.c_str(), 0));
  make_database(database, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
  CHECK(watch.poll().changed);
  CHECK(pages(snapshot) == 2);
  CHECK(::DeleteFileW(old.c_str()));
  CHECK(pages(snapshot) == 2);
  snapshot.close();
  CHECK(::DeleteFileW(database.c_str()));
}

TEST_CASE("Without that, SQLite keeps others from renaming what it has open") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_database(database, "CREATE TABLE t (a)");
  sqlite3_vfs* const system = ::sqlite3_vfs_find("win32");
  system->xSetSystemCall(system, "CreateFileW", nullptr);
  const SqliteConnection app = open_database(database);
  execute(app.get(), "SELECT * FROM t");
  share_deletes();
  CHECK_FALSE(::MoveFileExW(database.c_str(), (folder.path() / "old.db").c_str(), 0));
}

}  // namespace
}  // namespace holdfast
