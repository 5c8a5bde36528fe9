#include "service/restore/live_transaction.h"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "tests/support/application.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

std::string rows(int count) {
  return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
         std::to_string(count) + ") INSERT INTO t SELECT i, hex(randomblob(80)) FROM n;";
}

const std::string kTable = "CREATE TABLE t (id INTEGER PRIMARY KEY, note TEXT);";
const std::string kMany = kTable + rows(2000);
const std::string kFreed = kMany + "DELETE FROM t WHERE id BETWEEN 30 AND 1900;";
const std::string kSchema =
    "PRAGMA user_version=7; CREATE TABLE first (x UNIQUE); INSERT INTO first VALUES (1);" + kTable +
    rows(100) + "CREATE INDEX t_note ON t (note); DROP TABLE first; CREATE VIEW v AS SELECT 1;";

struct Content {
  std::string name;
  std::string sql;
};

// Databases that differ in all that a page alone does not tell.
const std::vector<Content>& contents() {
  static const std::vector<Content> all{
      {"few rows", kTable + rows(10)},
      {"many rows", kMany},
      {"free pages", kFreed},
      {"another schema", kSchema},
      {"full vacuum", "PRAGMA auto_vacuum=FULL;" + kFreed},
      {"incremental vacuum", "PRAGMA auto_vacuum=INCREMENTAL;" + kFreed},
      {"more incremental vacuum", "PRAGMA auto_vacuum=INCREMENTAL;" + kMany},
      {"UTF-16", "PRAGMA encoding='UTF-16';" + kTable + rows(300)},
      {"small pages", "PRAGMA page_size=1024;" + kMany},
  };
  return all;
}

constexpr const char* kQuestion =
    "SELECT count(*) || ' ' || total(id) || ' ' || max(note) || ' ' || min(note) FROM t";

struct Databases {
  explicit Databases(const std::string& live_sql, const std::string& staged_sql,
                     const std::string& journal) {
    make_database(live, live_sql);
    execute(open_database(live).get(), "PRAGMA journal_mode=" + journal);
    make_database(staged, staged_sql);
  }

  std::string answer(const std::filesystem::path& path) const {
    return ask(open_database(path).get(), kQuestion);
  }

  LiveTransaction::Outcome take_staged() {
    LiveTransaction transaction(live);
    transaction.watch();
    transaction.lock(image);
    CHECK(transaction.is_unchanged());
    transaction.write();
    transaction.commit();
    return transaction.outcome(image);
  }

  TemporaryFolder folder;
  DiskStorage storage;
  std::filesystem::path live = folder.path() / "live.db";
  std::filesystem::path staged = folder.path() / "staged.db";
  ImageFile image{storage, staged};
};

TEST_CASE("Whatever differs, another program sees all of a staged database at its next look") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const auto from = GENERATE(range(std::size_t{0}, contents().size()));
  for (const Content& to : contents()) {
    CAPTURE(journal, contents()[from].name, to.name);
    Databases databases(contents()[from].sql, to.sql, journal);
    Application application(Application::Where::AnotherProcess, databases.live);
    const std::string before = databases.answer(databases.live);
    REQUIRE(application.ask(kQuestion) == before);
    const bool is_another_encoding = (contents()[from].name == "UTF-16") != (to.name == "UTF-16");
    const bool is_another_size =
        (contents()[from].name == "small pages") != (to.name == "small pages");
    const bool can_take = !is_another_encoding && !(is_another_size && journal == "WAL");
    CHECK(LiveTransaction(databases.live).can_take(databases.image) == can_take);
    if (!can_take) {
      application.close();
      continue;
    }
    CHECK(databases.take_staged() == LiveTransaction::Outcome::AsStaged);

    const std::string restored = databases.answer(databases.staged);
    CHECK(application.ask(kQuestion) == restored);
    CHECK(application.ask("PRAGMA integrity_check") == "ok");
    application.execute("INSERT INTO t(note) VALUES ('after'); DELETE FROM t WHERE id < 5;");
    CHECK(application.ask("PRAGMA integrity_check") == "ok");
    CHECK(application.ask("PRAGMA journal_mode") == (journal == "WAL" ? "wal" : "delete"));
    application.close();
    CHECK(ask(open_database(databases.live).get(), "PRAGMA integrity_check") == "ok");
  }
}

TEST_CASE("Only the pages that differ are written") {
  const std::string journal = GENERATE("WAL", "DELETE");
  Databases databases(kMany, kTable, journal);
  std::filesystem::remove(databases.staged);
  std::filesystem::copy_file(databases.live, databases.staged);
  execute(open_database(databases.staged).get(), "PRAGMA journal_mode=DELETE");
  int steps = 0;
  const FaultyVfs vfs([&steps] {
    ++steps;
    return SQLITE_OK;
  });
  SECTION("none") {
    CHECK(databases.take_staged() == LiveTransaction::Outcome::AsStaged);
    CHECK(steps < 5);
  }
  SECTION("one") {
    execute(open_database(databases.live).get(), "UPDATE t SET note = 'other' WHERE id = 1000");
    steps = 0;
    CHECK(databases.take_staged() == LiveTransaction::Outcome::AsStaged);
    CHECK(steps < 25);
    CHECK(databases.answer(databases.live) == databases.answer(databases.staged));
  }
}

TEST_CASE("A difference in the first page alone tells the one database from the other") {
  Databases databases(kTable, kTable + "PRAGMA user_version=5", "WAL");
  LiveTransaction transaction(databases.live);
  transaction.lock(databases.image);
  const std::vector<WitnessPage> witnesses = transaction.write();
  REQUIRE(witnesses.size() == 1);
  CHECK(witnesses.front().number == 1);
  transaction.abandon();
  CHECK(LiveTransaction::holds(databases.live, witnesses) == LiveTransaction::Holds::Before);
  transaction.lock(databases.image);
  transaction.write();
  transaction.commit();
  CHECK(LiveTransaction::holds(databases.live, witnesses) == LiveTransaction::Holds::Restored);
}

TEST_CASE("What others commit beside a transaction that was given up is not lost") {
  Databases databases(kTable + rows(10), kMany, "WAL");
  Application application(Application::Where::AnotherProcess, databases.live);
  {
    LiveTransaction transaction(databases.live);
    transaction.lock(databases.image);
    transaction.write();
  }
  application.execute("INSERT INTO t(note) VALUES ('zz mine')");
  application.close();
  CHECK(databases.answer(databases.live).find("zz mine") != std::string::npos);
}

// The accounts of the bank, with a note to each that tells the two databases apart.
std::string bank(const std::string& note, int bytes) {
  return "CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER NOT NULL, note TEXT);"
         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
         "INSERT INTO account SELECT i, " +
         note + ", hex(randomblob(" + std::to_string(bytes) + ")) FROM n;";
}

constexpr int kReplacements = 30;
// Who wants a database in rollback mode for itself waits long where locks are polled, and where the
// others have the processors: fewer are as good then.
constexpr std::chrono::seconds kLongEnough{15};

TEST_CASE("Money that is moved while a database is replaced is all there, for every eye") {
  const std::string mode = GENERATE("wal", "delete");
  Databases databases(bank("1000", 100), bank("iif(i % 2, 1999, 1)", 10), mode);
  const std::filesystem::path other = databases.folder.path() / "other.db";
  make_database(other, bank("iif(i > 250, 2000, 0)", 900));
  const ImageFile other_image(databases.storage, other);
  std::vector<std::unique_ptr<ChildProcess>> bankers;
  for (const std::string& banker : {mode, mode, std::string("watch"), std::string("watch")}) {
    bankers.push_back(std::make_unique<ChildProcess>("bank_writer"));
    bankers.back()->write_line(path_text(databases.live));
    bankers.back()->write_line(banker);
    REQUIRE(bankers.back()->read_line() == "ready");
  }
  int replaced = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int attempt = 0; replaced < kReplacements; ++attempt) {
    REQUIRE(attempt < 1000);
    if (replaced > 0 && std::chrono::steady_clock::now() - begin > kLongEnough) break;
    try {
      LiveTransaction transaction(databases.live);
      transaction.lock(replaced % 2 == 0 ? databases.image : other_image);
      transaction.write();
      transaction.commit();
      ++replaced;
    } catch (const Error& error) {
      REQUIRE(error.code() == ErrorCode::DatabaseBusy);
    }
  }
  for (const auto& banker : bankers) CHECK(banker->finish() == 0);
  const SqliteConnection connection = open_database(databases.live);
  CHECK(ask(connection.get(), "SELECT count(*) || ' ' || sum(money) FROM account") == "500 500000");
  CHECK(ask(connection.get(), "PRAGMA integrity_check") == "ok");
}

}  // namespace
}  // namespace holdfast
