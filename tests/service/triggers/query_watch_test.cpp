#include "service/triggers/query_watch.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/application.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Where = Application::Where;

const std::string ended_shifts = "SELECT count(*) FROM shifts WHERE shift_end IS NOT NULL";
const std::string make_tables =
    "CREATE TABLE shifts (id INTEGER PRIMARY KEY, shift_end); CREATE TABLE other (a);"
    "INSERT INTO shifts VALUES (1, 'early'), (2, NULL)";

// A counter with a query that is watched.
struct Counter {
  explicit Counter(const std::string& sql = ended_shifts) : watch(database, sql, clock) {}

  // What the watch says of the next look.
  std::string look() {
    clock.advance(5s);
    const QueryWatch::Seen seen = watch.poll();
    if (!seen.fault.empty()) return seen.fault;
    return seen.changed ? "changed" : "";
  }

  const TemporaryFolder folder;
  const std::filesystem::path database = folder.path() / "rvu.db";
  FakeClock clock{SystemClock().now()};
  QueryWatch watch;
};

TEST_CASE("A watched query tells when its result changes, and of nothing else") {
  const Where where = GENERATE(Where::ThisProcess, Where::AnotherProcess);
  const std::string mode = GENERATE("DELETE", "WAL");
  const bool closes = GENERATE(false, true);
  CAPTURE(where, mode, closes);
  Counter counter;
  Application app(where, counter.database);
  app.execute("PRAGMA journal_mode=" + mode);
  app.execute(make_tables);
  const auto look_after = [&](const std::string& sql) {
    if (!app.is_open()) app.open();
    app.execute(sql);
    if (closes) app.close();
    return counter.look();
  };
  struct Step {
    std::string sql;
    std::string seen;
  };
  for (const auto& [sql, seen] : {
           Step{"SELECT 1", ""},
           Step{"SELECT 1", ""},
           Step{"INSERT INTO other VALUES (1)", ""},
           Step{"UPDATE shifts SET shift_end = 'late' WHERE id = 2", "changed"},
           Step{"SELECT 1", ""},
           Step{"UPDATE shifts SET shift_end = 'later' WHERE id = 2", ""},
           Step{"BEGIN; DELETE FROM shifts; ROLLBACK", ""},
           Step{"VACUUM", ""},
           Step{"PRAGMA wal_checkpoint(TRUNCATE)", ""},
           Step{"DELETE FROM shifts WHERE id = 1; INSERT INTO shifts VALUES (1, 'early')", ""},
           Step{"DELETE FROM shifts", "changed"},
           Step{"INSERT INTO shifts VALUES (1, 'a'), (2, 'b')", "changed"},
           Step{"SELECT 1", ""},
       }) {
    CAPTURE(sql);
    CHECK(look_after(sql) == seen);
  }
}

TEST_CASE("Every column of every row counts, and of what kind it is") {
  const std::vector<std::string> rows{"(1, 'a'), (2, 'b')",
                                      "(1, 'a'), (2, 'c')",
                                      "(2, 'b'), (1, 'a')",
                                      "(1, 'a')",
                                      "(1, NULL)",
                                      "(NULL, 1)",
                                      "(1, '')",
                                      "(1, x'')",
                                      "('1', '')",
                                      "(1.0, '')",
                                      "(12, 'b')",
                                      "(1, '2b')",
                                      "(1, '2'), ('b', 3)",
                                      "(1, '2'), ('b', '3')",
                                      "(9223372036854775807, 0)"};
  Counter counter("SELECT a, b FROM t ORDER BY rowid");
  Application app(Where::ThisProcess, counter.database);
  app.execute("CREATE TABLE t (a, b)");
  counter.look();
  for (const std::string& content : rows) {
    CAPTURE(content);
    app.execute("DELETE FROM t; INSERT INTO t VALUES " + content);
    CHECK(counter.look() == "changed");
    app.execute("DELETE FROM t; INSERT INTO t VALUES " + content);
    CHECK(counter.look().empty());
  }
}

TEST_CASE("A watched database may come late, be busy, go, and come back") {
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(mode);
  Counter counter;
  CHECK(counter.look().empty());
  write_file(counter.database, "");
  CHECK(counter.look().empty());
  Application app(Where::AnotherProcess, counter.database);
  app.execute("PRAGMA journal_mode=" + mode);
  app.execute(make_tables);
  CHECK(counter.look().empty());

  app.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM shifts");
  CHECK(counter.look().empty());
  app.execute("COMMIT");
  app.close();
  CHECK(counter.look() == "changed");

  const std::string content = file_content(counter.database);
  std::filesystem::remove(counter.database);
  CHECK(counter.look().empty());
  write_file(counter.database, content);
  CHECK(counter.look().empty());
  std::filesystem::remove(counter.database);
  make_database(counter.database, make_tables);
  CHECK(counter.look() == "changed");
}

TEST_CASE("What is wrong with a watched query is told as long as it lasts, and ends with it") {
  Counter counter;
  Application app(Where::ThisProcess, counter.database);
  app.execute("CREATE TABLE other (a)");
  CHECK_THAT(counter.look(), ContainsSubstring("The watched query of ") &&
                                 ContainsSubstring("rvu.db does not work: no such table: shifts."));
  CHECK_THAT(counter.look(), ContainsSubstring("no such table"));
  app.execute(make_tables.substr(0, make_tables.find("CREATE TABLE other")));
  counter.clock.advance(60s);
  CHECK(counter.look().empty());
  app.execute("ALTER TABLE shifts RENAME TO rounds");
  CHECK_THAT(counter.look(), ContainsSubstring("no longer works: no such table: shifts."));
  app.execute("ALTER TABLE rounds RENAME TO shifts; INSERT INTO shifts VALUES (5, 'late')");
  counter.clock.advance(60s);
  CHECK(counter.look() == "changed");
}

TEST_CASE("A watched query reads, in bounds, and does nothing else") {
  struct Case {
    std::string sql;
    std::string reason;
  };
  for (const auto& [sql, reason] : {
           Case{"DELETE FROM t", "writes"},
           Case{"SELECT 1; SELECT 2", "more than one statement"},
           Case{"PRAGMA journal_mode=DELETE", "must not do"},
           Case{"ATTACH ':memory:' AS other", "must not do"},
           Case{"COMMIT", "must not do"},
           Case{"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                "SELECT count(*) FROM n",
                "longer than 1 s"},
           Case{"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100001) "
                "SELECT i FROM n",
                "more than 100000 rows"},
           Case{"SELECT zeroblob(17000000)", "more than 100000 rows or 16 MiB"},
       }) {
    CAPTURE(sql);
    Counter counter(sql);
    make_database(counter.database, "CREATE TABLE t (a)");
    CHECK_THAT(counter.look(), ContainsSubstring(reason));
  }
}

TEST_CASE("After a fault the query rests for a minute, and a clock put back does not prolong it") {
  Counter counter;
  make_database(counter.database, "CREATE TABLE other (a)");
  const auto works = [&] { return counter.look().empty(); };
  CHECK_FALSE(works());
  make_database(counter.database, make_tables.substr(0, make_tables.find("CREATE TABLE other")));
  CHECK_FALSE(works());
  SECTION("a minute") {
    counter.clock.advance(55s);
  }
  SECTION("put back") {
    counter.clock.advance(-1h);
  }
  CHECK(works());
}

TEST_CASE("A watch leaves no file behind, and keeps none from its application") {
  Counter counter;
  Application app(Where::AnotherProcess, counter.database);
  app.execute("PRAGMA journal_mode=WAL");
  app.execute(make_tables);
  counter.look();
  CHECK(counter.look().empty());
  // The last one that closes the database copies the WAL into it, and takes it away.
  app.execute("INSERT INTO shifts VALUES (7, 'late')");
  app.close();
  CHECK(folder_content(counter.folder.path()).size() == 1);
  CHECK(counter.look() == "changed");
  CHECK(counter.look().empty());
  CHECK(folder_content(counter.folder.path()).size() == 1);

  std::filesystem::rename(counter.database, counter.folder.path() / "old.db");
  CHECK(counter.look().empty());
  make_database(counter.database, make_tables);
  CHECK(counter.look() == "changed");
  std::filesystem::remove(counter.database);
}

TEST_CASE("The query of a database that stays as it was is not run again") {
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(mode);
  // Each run gives another result.
  Counter counter("SELECT random()");
  Application app(Where::AnotherProcess, counter.database);
  app.execute("PRAGMA journal_mode=" + mode);
  app.execute(make_tables);
  CHECK(counter.look().empty());
  CHECK(counter.look().empty());
  app.execute("SELECT count(*) FROM shifts");
  CHECK(counter.look().empty());
  app.execute("INSERT INTO other VALUES (1)");
  CHECK(counter.look() == "changed");
  CHECK(counter.look().empty());

  app.close();
  counter.clock.advance(-1h);
  counter.look();
  // What was written to a moment ago may be written to once more, and its time stay the same.
  CHECK(counter.look() == (mode == "WAL" ? "changed" : ""));
  CHECK(counter.look() == (mode == "WAL" ? "changed" : ""));
  counter.clock.advance(2h);
  counter.look();
  CHECK(counter.look().empty());
}

}  // namespace
}  // namespace holdfast
