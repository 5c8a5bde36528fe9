#include "service/backup/database_inspection.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

// A database that its application keeps open.
struct OpenPractice {
  TemporaryFolder folder;
  std::filesystem::path database = folder.path() / "clinic.db";
  SqliteConnection application;

  explicit OpenPractice(const std::string& mode) {
    application = open_database(database);
    execute(application.get(), "PRAGMA journal_mode=" + mode);
    execute(application.get(), "CREATE TABLE patient(name, born); CREATE INDEX i ON patient(name)");
    execute(application.get(),
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
            "INSERT INTO patient SELECT 'patient ' || i, i FROM n");
  }
};

TEST_CASE("A database that is in use is found sound, and its application goes on") {
  for (const char* mode : {"wal", "delete"}) {
    CAPTURE(mode);
    OpenPractice practice(mode);
    CHECK(inspect_database(practice.database, {}).empty());
    execute(practice.application.get(), "INSERT INTO patient VALUES('new', 2026)");
    CHECK(inspect_database(practice.database, {}).empty());
  }
}

TEST_CASE("A change that is under way is no damage") {
  OpenPractice practice("delete");
  execute(practice.application.get(), "PRAGMA cache_size=1; BEGIN IMMEDIATE");
  execute(practice.application.get(), "UPDATE patient SET name = name || '!', born = born + 1");
  try {
    const std::string faults = inspect_database(practice.database, {});
    CHECK(faults.empty());
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::DatabaseBusy);
  }
  execute(practice.application.get(), "COMMIT");
  CHECK(inspect_database(practice.database, {}).empty());
}

TEST_CASE("An index that lacks a row is damage, in whatever mode") {
  for (const char* mode : {"wal", "delete"}) {
    CAPTURE(mode);
    OpenPractice practice(mode);
    sqlite3* const application = practice.application.get();
    execute(application, "PRAGMA writable_schema=1");
    execute(application, "DELETE FROM sqlite_schema WHERE name = 'i'");
    practice.application.reset();
    // Whoever does not know the index leaves its page to nobody.
    CHECK_FALSE(inspect_database(practice.database, {}).empty());
  }
}

TEST_CASE("An inspection ends soon when it is asked to") {
  const OpenPractice practice("wal");
  std::stop_source stop;
  stop.request_stop();
  CHECK_THROWS_AS(inspect_database(practice.database, stop.get_token()), Error);
}

}  // namespace
}  // namespace holdfast
