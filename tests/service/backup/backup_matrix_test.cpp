#include <array>
#include <chrono>
#include <cstddef>
#include <set>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/backup/backup_run.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

// The accounts that the writer changes, and a full-text index that triggers keep in step with them:
// in a state that is whole, as many are found poor as are poor.
constexpr const char* kIndexedAccounts =
    "CREATE VIRTUAL TABLE standing USING fts5(word);"
    "CREATE TRIGGER opened AFTER INSERT ON account BEGIN"
    "  INSERT INTO standing(rowid, word) VALUES (new.id, 'rich ' || new.note); END;"
    "CREATE TRIGGER moved AFTER UPDATE ON account BEGIN"
    "  UPDATE standing SET word = iif(new.money < 1000, 'poor ', 'rich ') || new.note"
    "  WHERE rowid = new.id; END;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
    "INSERT INTO account SELECT i, 1000, hex(randomblob(i)) FROM n;";

// A table of a module that only its application has, as it stands in the schema.
constexpr const char* kForeignTable =
    "PRAGMA writable_schema=1; INSERT INTO sqlite_schema VALUES ('table', 'image', 'image', 0, "
    "'CREATE VIRTUAL TABLE image USING vendor_module(pixels)'); PRAGMA writable_schema=0;"
    "CREATE TABLE image_content (id INTEGER PRIMARY KEY, pixels BLOB);"
    "INSERT INTO image_content VALUES (1, x'0badf00d');";

// One database of the matrix. The features rotate over the page sizes, in both journal modes.
struct Kind {
  int page_size;
  std::string journal;
  std::string vacuum;
  std::string encoding;
  std::string accounts;
};

Kind kind_of(std::size_t number) {
  constexpr std::array kVacuums{"NONE", "FULL", "INCREMENTAL"};
  constexpr std::array kEncodings{"UTF-8", "UTF-16le", "UTF-16be"};
  const std::size_t size = number / 2;
  return {.page_size = 512 << size,
          .journal = number % 2 == 0 ? "wal" : "delete",
          .vacuum = kVacuums[number % 3],
          .encoding = kEncodings[number / 3 % 3],
          .accounts = size % 2 == 0 ? "" : " WITHOUT ROWID"};
}

struct Bank {
  TemporaryFolder source;
  TemporaryFolder destination;
  TemporaryFolder scratch;
  DiskStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  std::filesystem::path database = source.path() / "bank.db";

  void make(const Kind& kind, const std::string& more = {}) const {
    make_database(
        database,
        "PRAGMA page_size=" + std::to_string(kind.page_size) + "; PRAGMA encoding='" +
            kind.encoding + "'; PRAGMA auto_vacuum=" + kind.vacuum + ";" +
            "PRAGMA journal_mode=" + kind.journal + ";" +
            "CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER NOT NULL, note TEXT)" +
            kind.accounts + ";" + kIndexedAccounts + more);
  }

  BackupResult back_up() {
    clock.advance(1min);
    return run_backup({.dataset = "bank",
                       .database = database,
                       .destination = destination.path(),
                       .reason = "test",
                       .host = "PC-1",
                       .user = "ann"},
                      storage, clock, {}, {});
  }

  SqliteConnection restored(const BackupResult& result) {
    const auto folder = scratch.path() / result.archive.stem();
    extract_archive(ArchiveReader(storage, result.archive), storage, folder);
    return open_database(folder / "bank.db");
  }
};

void check_invariant(sqlite3* restored) {
  CHECK(ask(restored, "SELECT count(*) FROM account") == "500");
  CHECK(ask(restored, "SELECT sum(money) FROM account") == "500000");
  CHECK_NOTHROW(execute(restored, "INSERT INTO standing(standing) VALUES ('integrity-check')"));
  CHECK(ask(restored, "SELECT count(*) FROM standing WHERE standing MATCH 'poor'") ==
        ask(restored, "SELECT count(*) FROM account WHERE money < 1000"));
  CHECK(ask(restored,
            "SELECT count(*) FROM account JOIN standing ON id = standing.rowid "
            "WHERE word = iif(money < 1000, 'poor ', 'rich ') || note") == "500");
}

// Backs up until the writer has shown itself: two archives hold different states. `check` is called
// for each.
template <typename Check>
void back_up_while_writing(Bank& bank, const std::string& journal, Check check) {
  ChildProcess writer("bank_writer");
  writer.write_line(path_text(bank.database));
  writer.write_line(journal);
  REQUIRE(writer.read_line() == "ready");
  std::set<std::string> states;
  for (int archives = 0; states.size() < 2; ++archives) {
    REQUIRE(archives < 100);
    const BackupResult result = bank.back_up();
    states.insert(result.manifest.entries.front().xxh3);
    check(bank.restored(result).get());
  }
  CHECK(writer.finish() == 0);
}

TEST_CASE("Every kind of database is backed up whole while another process writes") {
  const Kind kind = kind_of(GENERATE(range<std::size_t>(0, 16)));
  CAPTURE(kind.page_size, kind.journal, kind.vacuum, kind.encoding, kind.accounts);
  Bank bank;
  bank.make(kind);
  back_up_while_writing(bank, kind.journal, [&](sqlite3* restored) {
    check_invariant(restored);
    CHECK(ask(restored, "PRAGMA integrity_check") == "ok");
    CHECK(ask(restored, "PRAGMA page_size") == std::to_string(kind.page_size));
    CHECK(ask(restored, "PRAGMA encoding") == kind.encoding);
    CHECK(ask(restored, "PRAGMA journal_mode") == kind.journal);
    constexpr std::array kVacuums{"NONE", "FULL", "INCREMENTAL"};
    const auto vacuum = static_cast<std::size_t>(std::stoi(ask(restored, "PRAGMA auto_vacuum")));
    CHECK(kVacuums.at(vacuum) == kind.vacuum);
  });
}

TEST_CASE("A table whose module only the application has is backed up with the rest") {
  const Kind kind = kind_of(GENERATE(std::size_t{6}, std::size_t{7}));
  CAPTURE(kind.journal);
  Bank bank;
  bank.make(kind, kForeignTable);
  back_up_while_writing(bank, kind.journal, [](sqlite3* restored) {
    check_invariant(restored);
    CHECK(ask(restored, "PRAGMA integrity_check(account)") == "ok");
    CHECK(ask(restored, "SELECT sql FROM sqlite_schema WHERE name = 'image'") ==
          "CREATE VIRTUAL TABLE image USING vendor_module(pixels)");
    CHECK(ask(restored, "SELECT hex(pixels) FROM image_content") == "0BADF00D");
    CHECK_THROWS_WITH(ask(restored, "SELECT * FROM image"), ContainsSubstring("vendor_module"));
  });
}

}  // namespace
}  // namespace holdfast
