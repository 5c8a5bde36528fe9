#include "service/backup/change_mark.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/application.h"
#include "tests/support/database.h"
#include "tests/support/old_database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Where = Application::Where;

const std::string insert_visits =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200) "
    "INSERT INTO visit SELECT i, hex(zeroblob(50)) FROM n;";

struct Row {
  std::string what;
  std::vector<std::string> steps;  // statements, "open" and "close"
  enum class Mark { Changes, Stays, MayChange } mark;
};

// What an application does that has its database open.
const std::vector<Row> open_database_rows{
    {"nothing", {}, Row::Mark::Stays},
    {"a read", {"SELECT count(*) FROM visit"}, Row::Mark::Stays},
    {"a transaction that only reads", {"BEGIN; SELECT * FROM visit; COMMIT"}, Row::Mark::Stays},
    {"a row more", {"INSERT INTO visit VALUES (1000, 'x')"}, Row::Mark::Changes},
    {"another row of the same size",
     {"UPDATE visit SET note = hex(randomblob(50)) WHERE id = 7"},
     Row::Mark::Changes},
    {"there and back",
     {"UPDATE visit SET note = 'a' WHERE id = 7", "UPDATE visit SET note = 'b' WHERE id = 7"},
     Row::Mark::Changes},
    {"a row less", {"DELETE FROM visit WHERE id = 9"}, Row::Mark::Changes},
    {"every row", {"DELETE FROM visit"}, Row::Mark::Changes},
    {"a table", {"CREATE TABLE u (a)"}, Row::Mark::Changes},
    {"a number in the header", {"PRAGMA user_version=7"}, Row::Mark::Changes},
    {"a change rolled back",
     {"BEGIN; DELETE FROM visit WHERE id < 9; ROLLBACK"},
     Row::Mark::MayChange},
    {"VACUUM", {"VACUUM"}, Row::Mark::MayChange},
    {"VACUUM after a change", {"DELETE FROM visit WHERE id > 20", "VACUUM"}, Row::Mark::Changes},
    {"a checkpoint", {"PRAGMA wal_checkpoint(PASSIVE)"}, Row::Mark::MayChange},
    {"changes beside checkpoints",
     {"PRAGMA wal_checkpoint(RESTART)", "UPDATE visit SET note = 'a' WHERE id = 7",
      "PRAGMA wal_checkpoint(RESTART)"},
     Row::Mark::Changes},
    {"a change copied back, and the WAL cut off",
     {"UPDATE visit SET note = 'a' WHERE id = 7", "PRAGMA wal_checkpoint(TRUNCATE)"},
     Row::Mark::Changes},
    {"a change after the WAL was cut off",
     {"PRAGMA wal_checkpoint(TRUNCATE)", "UPDATE visit SET note = 'a' WHERE id = 7"},
     Row::Mark::Changes},
    {"closed", {"close"}, Row::Mark::MayChange},
    {"a change, and closed",
     {"UPDATE visit SET note = 'a' WHERE id = 7", "close"},
     Row::Mark::Changes},
    {"closed, opened, and a change",
     {"close", "open", "UPDATE visit SET note = 'a' WHERE id = 7"},
     Row::Mark::Changes},
    {"to WAL and back, without a change",
     {"PRAGMA journal_mode=WAL", "PRAGMA journal_mode=DELETE"},
     Row::Mark::MayChange},
    {"to WAL, and a change",
     {"PRAGMA journal_mode=WAL", "DELETE FROM visit WHERE id = 9"},
     Row::Mark::Changes},
    {"out of WAL, and a change",
     {"PRAGMA journal_mode=DELETE", "DELETE FROM visit WHERE id = 9"},
     Row::Mark::Changes},
    {"to WAL, a change, and back",
     {"PRAGMA journal_mode=WAL", "DELETE FROM visit WHERE id = 9", "PRAGMA journal_mode=DELETE"},
     Row::Mark::Changes},
    {"changes while the file is kept locked",
     {"PRAGMA locking_mode=EXCLUSIVE", "DELETE FROM visit WHERE id = 9",
      "DELETE FROM visit WHERE id = 10", "PRAGMA locking_mode=NORMAL", "SELECT * FROM visit"},
     Row::Mark::Changes},
};

// What an application does that opens its database, and closes it again.
const std::vector<Row> resting_database_rows{
    {"nothing", {}, Row::Mark::Stays},
    {"opened and closed", {"open", "close"}, Row::Mark::Stays},
    {"opened, read and closed", {"open", "SELECT count(*) FROM visit", "close"}, Row::Mark::Stays},
    {"opened and read", {"open", "SELECT count(*) FROM visit"}, Row::Mark::Stays},
    {"a change", {"open", "UPDATE visit SET note = 'a' WHERE id = 7"}, Row::Mark::Changes},
    {"a change, and closed",
     {"open", "UPDATE visit SET note = 'a' WHERE id = 7", "close"},
     Row::Mark::Changes},
    {"a change in the other mode",
     {"open", "PRAGMA journal_mode=MEMORY", "UPDATE visit SET note = 'a' WHERE id = 7", "close"},
     Row::Mark::Changes},
};

void follow(Application& app, const std::vector<std::string>& steps) {
  for (const std::string& step : steps) {
    if (step == "open") {
      app.open();
    } else if (step == "close") {
      app.close();
    } else {
      app.execute(step);
    }
  }
}

void check(const Row& row, Application& app, OldDatabase& database) {
  CAPTURE(row.what);
  const std::string before = database.mark();
  const std::string content = database.content();
  const DatabaseState state = database.state_without_file();
  REQUIRE_FALSE(before.empty());
  CHECK(database.mark() == before);
  follow(app, row.steps);
  const std::string after = database.mark();
  CHECK_FALSE(after.empty());
  if (row.mark == Row::Mark::Changes) CHECK(after != before);
  if (row.mark == Row::Mark::Stays) CHECK(after == before);
  if (database.content() != content) CHECK(after != before);
  if (app.is_open() && row.mark == Row::Mark::Changes) {
    CHECK_FALSE(database.state_without_file() == state);
  }
}

TEST_CASE("The mark changes with every change of an open database, and reading leaves it") {
  const Where where = GENERATE(Where::ThisProcess, Where::AnotherProcess);
  const std::string mode = GENERATE("DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF", "WAL");
  CAPTURE(where, mode);
  for (const Row& row : open_database_rows) {
    const TemporaryFolder folder;
    OldDatabase database(folder.path());
    Application app(where, database.path());
    app.execute("PRAGMA journal_mode=" + mode +
                "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
    app.execute(insert_visits);
    check(row, app, database);
  }
}

TEST_CASE("The mark of a database that rests changes when it was written to, and not when read") {
  const Where where = GENERATE(Where::ThisProcess, Where::AnotherProcess);
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(where, mode);
  for (const Row& row : resting_database_rows) {
    const TemporaryFolder folder;
    OldDatabase database(folder.path());
    Application app(where, database.path());
    app.execute("PRAGMA journal_mode=" + mode +
                "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
    app.execute(insert_visits);
    app.close();
    check(row, app, database);
    if (!app.is_open()) CHECK(folder_content(folder.path()).size() == 1);
  }
}

TEST_CASE("An older copy in the place of the database has another mark") {
  const std::string mode = GENERATE("DELETE", "WAL");
  const auto how = GENERATE(OldDatabase::Put::Into, OldDatabase::Put::InPlace);
  CAPTURE(mode, how);
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  Application app(Where::ThisProcess, database.path());
  app.execute("PRAGMA journal_mode=" + mode +
              "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
  app.execute(insert_visits);
  app.close();
  const std::string first = database.mark();
  const auto first_time = std::filesystem::last_write_time(database.path());
  const std::string copy = file_content(database.path());
  follow(app, {"open", "UPDATE visit SET note = 'a' WHERE id = 7", "close"});
  const std::string second = database.mark();

  database.put(copy, how);
  CHECK(database.mark() != second);
  // As good copying programs do.
  std::filesystem::last_write_time(database.path(), first_time);
  CHECK(database.mark() != second);
  // One change after the copy, as there was one before: the change counters are the same.
  follow(app, {"open", "UPDATE visit SET note = 'b' WHERE id = 7", "close"});
  CHECK(database.mark() != second);
  CHECK(database.mark() != first);
}

TEST_CASE("A copy that took the place of an open database has another mark") {
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  Application app(Where::AnotherProcess, database.path());
  app.execute("PRAGMA journal_mode=WAL; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
  app.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string copy = file_content(database.path());
  app.execute(insert_visits);
  app.execute("PRAGMA wal_checkpoint(PASSIVE)");
  const std::string before = database.mark();
  // What stands in the WAL is the same, but no longer what it belongs to.
  database.put(copy, OldDatabase::Put::Into);
  CHECK(database.mark() != before);
}

TEST_CASE("A WAL that a crash left has a mark of its own, and so has what becomes of it") {
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  make_database(database.path(),
                "PRAGMA journal_mode=WAL; CREATE TABLE account (id, money, note);"
                "INSERT INTO account VALUES (1, 1, '')");
  const std::string before = database.mark();
  {
    ChildProcess writer("bank_writer");
    writer.write_line(path_text(database.path()));
    writer.write_line("die_after_commit");
  }
  const std::string left = database.mark();
  CHECK(left != before);
  CHECK(database.mark() == left);
  execute(open_database(database.path()).get(), "UPDATE account SET money = 3");
  CHECK(database.mark() != left);
  CHECK(database.mark() != before);
}

TEST_CASE("The mark of what cannot be read is an error, and making it leaves nothing behind") {
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  DiskStorage storage;
  const auto refusal = [&] {
    try {
      current_change_mark(database.request(), storage, SystemClock().now());
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::Internal;
  };
  CHECK(refusal() == ErrorCode::NotFound);
  write_file(database.path(), "");
  CHECK(refusal() == ErrorCode::DatabaseEmpty);
  write_file(database.path(), std::string(4096, ' '));
  CHECK(refusal() == ErrorCode::NotADatabase);
  std::filesystem::remove(database.path());
  make_database(database.path(), "PRAGMA journal_mode=WAL; CREATE TABLE t (a)");
  CHECK_FALSE(database.mark().empty());
  CHECK(folder_content(folder.path()).size() == 1);
}

}  // namespace
}  // namespace holdfast
