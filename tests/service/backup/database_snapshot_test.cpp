#include "service/backup/database_snapshot.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

void save_pages(DatabaseSnapshot& snapshot, const std::filesystem::path& to) {
  std::ofstream file(to, std::ios::binary);
  snapshot.read_pages([&file](std::span<const std::byte> page) {
    for (const std::byte byte : page) file.put(static_cast<char>(byte));
  });
}

Error refusal(const std::filesystem::path& database) {
  try {
    DatabaseSnapshot snapshot(database);
    snapshot.read_pages([](auto) {});
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::Internal, "it passed", ""};
}

// As a run does: a busy database is tried again, a few times.
template <typename Work>
void try_again_while_busy(Work work) {
  for (int left = 30;; --left) {
    try {
      return work();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::DatabaseBusy || left == 0) throw;
    }
  }
}

void tell(ChildProcess& writer, const std::filesystem::path& database, const std::string& mode) {
  writer.write_line(path_text(database));
  writer.write_line(mode);
}

void make_accounts(const std::filesystem::path& database, const std::string& mode) {
  make_database(database,
                "PRAGMA journal_mode=" + mode +
                    "; CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER, note TEXT);"
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                    "INSERT INTO account SELECT i, 1000, hex(randomblob(100)) FROM n;");
}

void snapshot_into(const std::filesystem::path& database, const std::filesystem::path& copy) {
  DatabaseSnapshot snapshot(database);
  save_pages(snapshot, copy);
  const auto counts =
      snapshot.counts({{"total", "SELECT sum(money) FROM account"}, {"one", "SELECT 1"}}, 10s);
  CHECK(counts.at("total") == 500'000);
  CHECK(std::filesystem::file_size(copy) == snapshot.page_count() * snapshot.page_size());
}

TEST_CASE("Snapshots taken while another process writes are whole, and keep the bank's total") {
  const std::string mode = GENERATE("wal", "delete");
  CAPTURE(mode);
  const TemporaryFolder folder;
  const TemporaryFolder copies;
  const auto database = folder.path() / "bank.db";
  ChildProcess writer("bank_writer");
  tell(writer, database, mode);
  REQUIRE(writer.read_line() == "ready");

  for (int taken = 0; taken < 20; ++taken) {
    const auto copy = copies.path() / ("copy" + std::to_string(taken));
    try_again_while_busy([&] { snapshot_into(database, copy); });
    const SqliteConnection opened = open_database(copy);
    CHECK(ask(opened.get(), "PRAGMA integrity_check") == "ok");
    CHECK(ask(opened.get(), "SELECT sum(money) FROM account") == "500000");
    CHECK(ask(opened.get(), "PRAGMA journal_mode") == mode);
  }
  CHECK(file_content(copies.path() / "copy0") != file_content(copies.path() / "copy19"));

  CHECK(writer.finish() == 0);
  CHECK(ask(open_database(database).get(), "PRAGMA journal_mode") == mode);
  CHECK(folder_content(folder.path()).size() == 1);
}

TEST_CASE("The same state can be had once more, however busy the writer is") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "bank.db";
  ChildProcess writer("bank_writer");
  writer.write_line(path_text(database));
  writer.write_line("wal");
  REQUIRE(writer.read_line() == "ready");
  int found = 0;
  for (int round = 0; round < 20; ++round) {
    DatabaseSnapshot snapshot(database);
    const auto again = snapshot.again();
    if (!again) continue;
    ++found;
    save_pages(snapshot, folder.path() / "first");
    save_pages(*again, folder.path() / "second");
    CHECK(file_content(folder.path() / "first") == file_content(folder.path() / "second"));
  }
  CHECK(found > 0);
  CHECK(writer.finish() == 0);
}

TEST_CASE("A database that rests can be read twice at once, one in rollback mode cannot") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "bank.db";
  const std::string mode = GENERATE("WAL", "DELETE");
  CAPTURE(mode);
  make_database(database, "PRAGMA journal_mode=" + mode + "; CREATE TABLE t(a);");
  const DatabaseSnapshot snapshot(database);
  const auto again = snapshot.again();
  CHECK((again != nullptr) == (mode == "WAL"));
  if (again) CHECK(again->integrity_faults().empty());
}

TEST_CASE("A snapshot has what is still in the WAL, and leaves the open database as it was") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "WAL");
  const SqliteConnection app = open_database(database);
  execute(app.get(), "PRAGMA wal_autocheckpoint=0; UPDATE account SET money = 7");
  auto before = folder_content(folder.path());

  const TemporaryFolder copies;
  DatabaseSnapshot snapshot(database);
  execute(app.get(), "UPDATE account SET money = 8 WHERE id = 1");
  CHECK_FALSE(snapshot.blocks_writers());
  save_pages(snapshot, copies.path() / "copy");
  CHECK(snapshot.counts({{"sum", "SELECT sum(money) FROM account"}}, 10s).at("sum") == 14'000);
  CHECK(snapshot.integrity_faults().empty());
  snapshot.close();
  CHECK(ask(open_database(copies.path() / "copy").get(), "SELECT sum(money) FROM account") ==
        "14000");

  const auto after = folder_content(folder.path());
  CHECK(after.size() == 3);
  CHECK(after.at("clinic.db") == before.at("clinic.db"));
  CHECK(after.at("clinic.db-wal").starts_with(before.at("clinic.db-wal")));
  CHECK(ask(app.get(), "PRAGMA journal_mode") == "wal");
}

TEST_CASE("A database that rests is read without a trace, whatever lies beside it") {
  struct Case {
    std::string mode;
    std::string beside;
  };
  const auto [mode, beside] =
      GENERATE(Case{"WAL", ""}, Case{"WAL", "-wal"}, Case{"WAL", "-shm"}, Case{"DELETE", ""},
               Case{"PERSIST", ""}, Case{"TRUNCATE", ""});
  CAPTURE(mode, beside);
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, mode);
  if (!beside.empty()) write_file(folder.path() / ("clinic.db" + beside), "");
  const auto before = folder_content(folder.path());

  const TemporaryFolder copies;
  DatabaseSnapshot snapshot(database);
  CHECK(snapshot.blocks_writers() == (mode != "WAL"));
  save_pages(snapshot, copies.path() / "copy");
  CHECK(snapshot.counts({{"n", "SELECT count(*) FROM account"}}, 10s).at("n") == 2000);
  CHECK(snapshot.schema_hash().size() == 32);
  CHECK(snapshot.integrity_faults().empty());
  snapshot.close();
  CHECK(file_content(copies.path() / "copy") == before.at("clinic.db"));
  CHECK(folder_content(folder.path()) == before);
}

TEST_CASE("A WAL that a crash left is read, and the -shm that this takes is gone afterwards") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "WAL");
  {
    ChildProcess writer("bank_writer");
    tell(writer, database, "die_after_commit");
    REQUIRE(writer.finish() == 0);
  }
  std::filesystem::remove(folder.path() / "clinic.db-shm");
  const auto before = folder_content(folder.path());
  REQUIRE(before.size() == 2);
  const std::map<std::string, std::string> query{{"sum", "SELECT sum(money) FROM account"}};
  {
    DatabaseSnapshot snapshot(database);
    CHECK(snapshot.counts(query, 10s).at("sum") == 2'002'000);
  }
  CHECK(folder_content(folder.path()) == before);

  SECTION("but not when its application has opened it by then") {
    DatabaseSnapshot snapshot(database);
    const SqliteConnection app = open_database(database);
    CHECK(ask(app.get(), "SELECT sum(money) FROM account") == "2002000");
    snapshot.close();
    CHECK(std::filesystem::exists(folder.path() / "clinic.db-shm"));
    execute(app.get(), "UPDATE account SET money = 1");
    CHECK(ask(open_database(database).get(), "SELECT sum(money) FROM account") == "2000");
  }
}

TEST_CASE("A database that is opened while it is read at rest makes the reading start again") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "WAL");
  DatabaseSnapshot snapshot(database);
  const auto open_and_write = [&] {
    ChildProcess writer("bank_writer");
    tell(writer, database, "wal");
    REQUIRE(writer.read_line() == "ready");
  };
  SECTION("while its pages are read") {
    bool opened = false;
    const auto read = [&] {
      snapshot.read_pages([&](auto) {
        if (!std::exchange(opened, true)) open_and_write();
      });
    };
    CHECK_THROWS_WITH(read(), ContainsSubstring("opened it at the same moment"));
  }
  SECTION("before its counts are taken") {
    open_and_write();
    CHECK_THROWS_WITH(snapshot.counts({{"one", "SELECT 1"}}, 10s),
                      ContainsSubstring("opened it at the same moment"));
    CHECK_THROWS_AS(snapshot.schema_hash(), Error);
    CHECK_THROWS_AS(snapshot.integrity_faults(), Error);
  }
  snapshot.close();
  DatabaseSnapshot again(database);
  again.read_pages([](auto) {});
}

TEST_CASE("In rollback mode a writer commits as soon as the snapshot is closed") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "DELETE");
  const SqliteConnection app = open_database(database);
  DatabaseSnapshot snapshot(database);
  DatabaseSnapshot another(database);
  CHECK(snapshot.blocks_writers());
  save_pages(snapshot, folder.path() / "copy");
  CHECK_THROWS_WITH(execute(app.get(), "UPDATE account SET money = 5"), "database is locked");
  snapshot.close();
  CHECK_THROWS_WITH(execute(app.get(), "UPDATE account SET money = 5"), "database is locked");
  another.close();
  execute(app.get(), "UPDATE account SET money = 5");
  CHECK(snapshot.page_count() * snapshot.page_size() ==
        std::filesystem::file_size(folder.path() / "copy"));
}

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

TEST_CASE("A database that somebody keeps to himself is busy") {
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(mode);
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, mode);
  ChildProcess writer("bank_writer");
  if (mode == "WAL") {
    const SqliteConnection app = open_database(database);
    execute(app.get(), "PRAGMA locking_mode=EXCLUSIVE; UPDATE account SET money = 1");
    CHECK(refusal(database).code() == ErrorCode::DatabaseBusy);
    return;
  }
  tell(writer, database, "exclusive");
  REQUIRE(writer.read_line() == "ready");
  const Error error = refusal(database);
  CHECK(error.code() == ErrorCode::DatabaseBusy);
  CHECK_THAT(error.what(), ContainsSubstring("another program has locked it"));
  CHECK(writer.finish() == 0);
  CHECK(refusal(database).code() == ErrorCode::Internal);
}

TEST_CASE("The journal of an interrupted change is neither used nor ignored nor removed") {
  const TemporaryFolder folder;
  const auto database = folder.path() / "clinic.db";
  make_accounts(database, "DELETE");
  const std::string sound = file_content(database);
  {
    ChildProcess writer("bank_writer");
    tell(writer, database, "die");
    REQUIRE(writer.finish() == 0);
  }
  const auto before = folder_content(folder.path());
  REQUIRE(before.size() == 2);
  REQUIRE(before.at("clinic.db") != sound);
  const Error error = refusal(database);
  CHECK(error.code() == ErrorCode::DatabaseBusy);
  CHECK_THAT(error.what(), ContainsSubstring("interrupted in the middle of a change"));
  CHECK(folder_content(folder.path()) == before);

  make_database(database, "SELECT count(*) FROM account");
  DatabaseSnapshot snapshot(database);
  CHECK(snapshot.counts({{"sum", "SELECT sum(money) FROM account"}}, 10s).at("sum") == 2'000'000);
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
