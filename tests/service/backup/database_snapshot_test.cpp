#include "service/backup/database_snapshot.h"

#include <algorithm>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/database.h"
#include "tests/support/database_snapshots.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("Every kind of database comes through byte for byte") {
  const std::string settings = GENERATE(
      "PRAGMA page_size=512;", "PRAGMA page_size=1024;", "PRAGMA page_size=65536;",
      "PRAGMA auto_vacuum=FULL;", "PRAGMA auto_vacuum=INCREMENTAL;", "PRAGMA encoding='UTF-16le';",
      "PRAGMA encoding='UTF-16be';", "PRAGMA page_size=512; PRAGMA journal_mode=WAL;",
      "PRAGMA page_size=65536; PRAGMA journal_mode=WAL;");
  CAPTURE(settings);
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_database(
      database,
      settings +
          "CREATE TABLE visit (id TEXT PRIMARY KEY, note TEXT) WITHOUT ROWID;"
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
          "INSERT INTO visit SELECT 'визит ' || i, hex(randomblob(i)) FROM n;"
          "CREATE VIRTUAL TABLE words USING fts5(note); INSERT INTO words VALUES ('fever');"
          "DELETE FROM visit WHERE id LIKE '%7';");
  DatabaseSnapshot snapshot(database);
  const auto copy = folder.path() / "copy";
  save_pages(snapshot, copy);
  CHECK(snapshot.counts({{"w", "SELECT count(*) FROM words WHERE words MATCH 'fever'"}}, 10s)
            .at("w") == 1);
  CHECK(snapshot.integrity_faults().empty());
  snapshot.close();
  CHECK(file_content(copy) == file_content(database));
  CHECK(ask(open_database(copy).get(), "PRAGMA integrity_check") == "ok");
}

TEST_CASE("A schema that needs its application is copied and checked all the same") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  {
    const SqliteConnection app = open_database(database);
    const auto twice = [](sqlite3_context* context, int, sqlite3_value** values) {
      ::sqlite3_result_int64(context, 2 * ::sqlite3_value_int64(values[0]));
    };
    const auto compare = [](void*, int, const void*, int, const void*) { return 0; };
    ::sqlite3_create_function(app.get(), "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                              twice, nullptr, nullptr);
    ::sqlite3_create_collation(app.get(), "german", SQLITE_UTF8, nullptr, compare);
    execute(app.get(),
            GENERATE("CREATE TABLE t (a, b CHECK (twice(b) > 0))",
                     "CREATE TABLE t (a, b); CREATE INDEX i ON t (twice(b))",
                     "CREATE TABLE t (a, b, c AS (twice(b)))",
                     "CREATE TABLE t (a, b, c NOT NULL AS (twice(b)))",
                     "CREATE TABLE t (a, b TEXT COLLATE german); CREATE INDEX i ON t (b)",
                     "CREATE TABLE t (a, b); CREATE TRIGGER r AFTER INSERT ON t "
                     "BEGIN SELECT twice(1); END"));
    execute(app.get(), "INSERT INTO t (a, b) VALUES (1, 2)");
    execute(app.get(),
            "PRAGMA writable_schema=1; INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, "
            "'CREATE VIRTUAL TABLE v USING vendor_module(x)')");
  }
  DatabaseSnapshot snapshot(database);
  save_pages(snapshot, folder.path() / "copy");
  CHECK(snapshot.counts({{"t", "SELECT count(*) FROM t NOT INDEXED"}}, 10s).at("t") == 1);
  CHECK(snapshot.schema_hash().size() == 32);
  CHECK(snapshot.integrity_faults().empty());
  CHECK_THROWS_WITH(snapshot.counts({{"v", "SELECT count(*) FROM v"}}, 10s),
                    ContainsSubstring("\"v\"") && ContainsSubstring("vendor_module"));
  CHECK(file_content(folder.path() / "copy") == file_content(database));
}

TEST_CASE("Names of files that mean something in an address are only names") {
  const TemporaryFolder folder;
  for (const std::string name : {"a b.db", "Клиника.db", "日本 ü.db", "100%25.db", "a#b.db",
                                 "a%b&c=d;e'f.db", "file;x.db", "a+b@c.db"}) {
    CAPTURE(name);
    const auto database = folder.path() / text_path(name);
    make_accounts(database, "WAL");
    DatabaseSnapshot snapshot(database);
    CHECK(snapshot.counts({{"n", "SELECT count(*) FROM account"}}, 10s).at("n") == 2000);
    snapshot.read_pages([](auto) {});
    snapshot.close();
    std::filesystem::remove(database);
    CHECK(folder_content(folder.path()).empty());
  }
}

std::string random_bytes(std::size_t count) {
  std::mt19937 random(1);
  std::string bytes(count, '\0');
  std::ranges::generate(bytes, [&random] { return static_cast<char>(random() & 0xFFU); });
  return bytes;
}

TEST_CASE("What is no sound database is refused in words that tell what it is") {
  const TemporaryFolder folder;
  const auto sound = folder.path() / "sound.db";
  make_accounts(sound, GENERATE("DELETE", "WAL"));
  const std::string good = file_content(sound);
  const auto changed = [&good](std::size_t place, const std::string& bytes) {
    return std::string(good).replace(place, bytes.size(), bytes);
  };
  struct Case {
    std::string content;
    ErrorCode code;
    std::string reason;
  };
  const std::vector<Case> cases{
      {"", ErrorCode::DatabaseEmpty, "0 bytes"},
      {"xy", ErrorCode::NotADatabase, "not an SQLite database"},
      {std::string(8192, ' '), ErrorCode::NotADatabase, "not an SQLite database"},
      {std::string(8192, '\0'), ErrorCode::NotADatabase, "not an SQLite database"},
      {random_bytes(8192), ErrorCode::NotADatabase, "probably encrypted"},
      {random_bytes(512), ErrorCode::NotADatabase, "probably encrypted"},
      {random_bytes(8191), ErrorCode::NotADatabase, "not an SQLite database"},
      {good.substr(0, 16), ErrorCode::DatabaseDamaged, "damaged"},
      {good.substr(0, 100), ErrorCode::DatabaseDamaged, ""},
      {good.substr(0, good.size() / 2), ErrorCode::DatabaseDamaged, "damaged"},
      {good.substr(0, good.size() - 1), ErrorCode::DatabaseDamaged, "cut off"},
      {changed(16, "\x01\x01"), ErrorCode::DatabaseDamaged, "header"},
      {changed(19, "\x07"), ErrorCode::DatabaseDamaged, "header"},
      {changed(21, "\x07"), ErrorCode::DatabaseDamaged, "header"},
      {changed(47, "\x07"), ErrorCode::DatabaseDamaged, "unsupported file format"},
      {changed(100, std::string(3000, 'x')), ErrorCode::DatabaseDamaged, "damaged"},
  };
  for (std::size_t index = 0; index < cases.size(); ++index) {
    CAPTURE(index);
    const auto& [content, code, reason] = cases[index];
    const auto database = folder.path() / "case.db";
    write_file(database, content);
    const auto before = folder_content(folder.path());
    const Error error = refusal(database);
    CAPTURE(error.line());
    CHECK(name(error.code()) == name(code));
    CHECK_THAT(error.what(), ContainsSubstring(reason));
    CHECK_THAT(error.what(), ContainsSubstring(path_text(database)));
    CHECK_FALSE(error.action().empty());
    CHECK(folder_content(folder.path()) == before);
  }
}

TEST_CASE("A missing database and a folder are told apart, and nothing is created") {
  const TemporaryFolder folder;
  CHECK(refusal(folder.path() / "missing.db").code() == ErrorCode::NotFound);
  CHECK(refusal(folder.path() / "no" / "missing.db").code() == ErrorCode::NotFound);
  CHECK(refusal(folder.path()).code() == ErrorCode::NotADatabase);
  CHECK_THAT(refusal(folder.path()).what(), ContainsSubstring("folder"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("Damage inside the tables is a fault of the integrity check, and is copied as it is") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, GENERATE("DELETE", "WAL"));
  std::string content = file_content(database);
  content.replace(content.size() - 3 * 4096, 4096, 4096, '\xA5');
  write_file(database, content);
  DatabaseSnapshot snapshot(database);
  CHECK_FALSE(snapshot.integrity_faults().empty());
  CHECK_THROWS_WITH(snapshot.counts({{"sum", "SELECT sum(length(note)) FROM account"}}, 10s),
                    ContainsSubstring("\"sum\"") && ContainsSubstring("damaged"));
  save_pages(snapshot, folder.path() / "copy");
  CHECK(file_content(folder.path() / "copy") == content);
}

TEST_CASE("The schema's hash changes with the schema and with nothing else") {
  const TemporaryFolder folder;
  const auto hash = [&folder](const std::string& name, const std::string& sql) {
    make_database(folder.path() / name, sql);
    return DatabaseSnapshot(folder.path() / name).schema_hash();
  };
  const std::string tables =
      "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE);"
      "CREATE TABLE a (y TEXT DEFAULT 'a  b'); CREATE INDEX i ON a (y);";
  const std::string first = hash("first", tables);
  CHECK(first.size() == 32);
  CHECK(hash("first", "INSERT INTO b (x) VALUES (1), (2); VACUUM; ANALYZE;") == first);
  CHECK(hash("order",
             "CREATE TABLE a (y TEXT DEFAULT 'a  b'); CREATE INDEX i ON a (y);"
             "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE);") == first);
  CHECK(hash("spaces",
             "CREATE TABLE b (id INTEGER  PRIMARY KEY AUTOINCREMENT,\n x UNIQUE);"
             "CREATE TABLE a (y TEXT DEFAULT 'a  b'); CREATE INDEX i ON a (y);") == first);
  CHECK(hash("utf16", "PRAGMA encoding='UTF-16';" + tables) == first);
  CHECK(hash("wal", "PRAGMA journal_mode=WAL;" + tables) == first);
  CHECK(hash("default",
             "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE);"
             "CREATE TABLE a (y TEXT DEFAULT 'a b'); CREATE INDEX i ON a (y);") != first);
  CHECK(hash("first", "ALTER TABLE a ADD COLUMN z") != first);
}

TEST_CASE("The pages stop with what their taker throws, and can be read again") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "WAL");
  DatabaseSnapshot snapshot(database);
  const auto full = [](std::span<const std::byte>) {
    throw Error(ErrorCode::DiskFull, "The disk is full.", "");
  };
  CHECK_THROWS_WITH(snapshot.read_pages(full), "The disk is full.");
  std::uint64_t pages = 0;
  snapshot.read_pages([&pages](auto) { ++pages; });
  CHECK(pages == snapshot.page_count());
}

}  // namespace
}  // namespace holdfast
