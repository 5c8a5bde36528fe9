#include "service/backup/count_query.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

SqliteConnection clinic() {
  SqliteConnection connection = open_database(":memory:");
  execute(
      connection.get(),
      "CREATE TABLE patient (id INTEGER PRIMARY KEY, name TEXT);"
      "INSERT INTO patient (name) VALUES ('Anna'), ('Boris'), ('Cem');"
      "CREATE VIRTUAL TABLE note USING fts5(text); INSERT INTO note VALUES ('fever'), ('cough');"
      "CREATE VIRTUAL TABLE place USING rtree(id, low, high); INSERT INTO place VALUES (1, 0, 2);"
      "CREATE VIEW patients_by_name AS SELECT name FROM patient ORDER BY name;");
  return connection;
}

TEST_CASE("A count is what a single reading query gives, whatever it reads from") {
  const SqliteConnection connection = clinic();
  struct Case {
    std::string sql;
    std::int64_t count;
  };
  for (const auto& [sql, count] : {
           Case{"SELECT count(*) FROM patient", 3},
           Case{" SELECT count(*) FROM patient ; -- of the clinic\n", 3},
           Case{"WITH a AS (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM a", 2},
           Case{"SELECT count(*) FROM note WHERE note MATCH 'fever'", 1},
           Case{"SELECT count(*) FROM note", 2},
           Case{"SELECT count(*) FROM place", 1},
           Case{"SELECT count(*) FROM patients_by_name", 3},
           Case{"SELECT -9223372036854775807", -9223372036854775807},
       }) {
    CAPTURE(sql);
    CHECK(run_count(connection.get(), {"c", sql}, 10s) == count);
  }
}

TEST_CASE("A count that is none is refused with its name and the reason") {
  const SqliteConnection connection = clinic();
  struct Case {
    std::string sql;
    std::string reason;
  };
  for (const auto& [sql, reason] : {
           Case{"", "there is no query"},
           Case{"-- nothing", "there is no query"},
           Case{"SELECT 1; SELECT 2", "more than one statement"},
           Case{std::string("SELECT 1\0 ", 10), "zero byte"},
           Case{"SELECT 1, 2", "2 columns"},
           Case{"SELECT id FROM patient", "more than one row"},
           Case{"SELECT id FROM patient WHERE id = 9", "no row"},
           Case{"SELECT sum(id) FROM patient WHERE id = 9", "whole number"},
           Case{"SELECT '12'", "whole number"},
           Case{"SELECT 1.5", "whole number"},
           Case{"SELECT count(*) FROM stranger", "no such table: stranger"},
           Case{"SELEC 1", "syntax error"},
           Case{"DELETE FROM patient", "writes"},
           Case{"INSERT INTO patient (name) VALUES ('x') RETURNING id", "writes"},
           Case{"CREATE TEMP TABLE t AS SELECT 1", "writes"},
           Case{"PRAGMA user_version", "must not do"},
           Case{"PRAGMA journal_mode=DELETE", "must not do"},
           Case{"SELECT count(*) FROM pragma_table_info('patient')", "not authorized"},
           Case{"ATTACH ':memory:' AS other", "must not do"},
           Case{"COMMIT", "must not do"},
           Case{"ROLLBACK", "must not do"},
           Case{"SAVEPOINT s", "must not do"},
           Case{"SELECT load_extension('x')", "load_extension"},
       }) {
    CAPTURE(sql);
    try {
      run_count(connection.get(), {"patients", sql}, 10s);
      FAIL("it passed");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::CountFailed);
      CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring("\"patients\""));
      CHECK_THAT(error.what(), Catch::Matchers::ContainsSubstring(reason));
    }
  }
  CHECK(ask(connection.get(), "SELECT count(*) FROM patient") == "3");
}

TEST_CASE("A count without end is interrupted, and the rules do not outlive it") {
  const SqliteConnection connection = clinic();
  const std::string endless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  CHECK_THROWS_WITH(run_count(connection.get(), {"shifts", endless}, 20ms),
                    "Cannot take the count \"shifts\": it took longer than 0.02 s.");
  execute(connection.get(), "PRAGMA user_version=5; ATTACH ':memory:' AS other");
}

}  // namespace
}  // namespace holdfast
