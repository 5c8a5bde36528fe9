#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/backup/database_snapshot.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/database_snapshots.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

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

}  // namespace
}  // namespace holdfast
