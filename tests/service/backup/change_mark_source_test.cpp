#include <functional>
#include <set>
#include <utility>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "service/backup/change_mark.h"
#include "tests/support/application.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/old_database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Where = Application::Where;

TEST_CASE("Where a time of change must tell, a young or future one gives no mark") {
  const Time now = time_from("2026-11-20T10:00:00Z");
  const auto file = [](Time modified) { return FileState{.size = 5, .modified = modified}; };
  const auto database = [&file](DatabaseState::KnownBy known_by, Time modified) {
    return DatabaseState{.known_by = known_by, .file = file(modified)};
  };
  using KnownBy = DatabaseState::KnownBy;
  struct Case {
    std::optional<DatabaseState> database;
    std::optional<FileState> side_file;
    bool has_mark;
  };
  const auto old = database(KnownBy::FileTimes, now - 10s);
  const std::vector<Case> cases{
      {old, file(now - 10s), true},
      {database(KnownBy::FileTimes, now - 9s), file(now - 1h), false},
      {database(KnownBy::FileTimes, now + 1h), file(now - 1h), false},
      {database(KnownBy::ChangeCounter, now), file(now - 1h), true},
      {database(KnownBy::WalIndex, now + 1h), file(now - 1h), true},
      {std::nullopt, file(now - 1h), false},
      {old, file(now - 9s), false},
      {old, file(now + 1s), false},
      {old, std::nullopt, false},
  };
  for (std::size_t index = 0; index < cases.size(); ++index) {
    CAPTURE(index);
    const auto& [main, side, has_mark] = cases[index];
    const SourceState source{.databases = {{"clinic.db", main}},
                             .files = {{.name = "notes.txt", .state = side}}};
    CHECK(change_mark(source, now).empty() == !has_mark);
    CHECK(change_mark(source, now) == change_mark(source, now));
  }
}

TEST_CASE("Each thing that is known of the source makes another mark") {
  const Time now = time_from("2026-11-20T10:00:00Z");
  const FileState file{
      .volume = 1, .number = 2, .size = 3, .modified = now - 1h, .changed = now - 1h};
  const DatabaseState database{.header = "header", .wal_index = "wal", .file = file};
  const SourceState source{.databases = {{"clinic.db", database}, {"inner.db", database}},
                           .files = {{.name = "notes.txt", .state = file}}};
  const std::vector<std::function<void(SourceState&)>> changes{
      [](SourceState&) {},
      [](SourceState& other) { other.files.clear(); },
      [](SourceState& other) { other.files[0].name = "other.txt"; },
      [](SourceState& other) { other.files[0].state->number = 9; },
      [](SourceState& other) { other.files[0].state->volume = 9; },
      [](SourceState& other) { other.files[0].state->size = 9; },
      [](SourceState& other) { other.files[0].state->modified -= 1s; },
      [](SourceState& other) { other.files[0].state->modified -= FileTime::duration(1); },
      [](SourceState& other) { other.files[0].state->changed -= FileTime::duration(1); },
      [](SourceState& other) { other.files.push_back(other.files[0]); },
      [](SourceState& other) { other.databases.erase("inner.db"); },
      [](SourceState& other) { other.databases["more.db"] = other.databases["inner.db"]; },
      [](SourceState& other) {
        auto node = other.databases.extract("inner.db");
        node.key() = "renamed.db";
        other.databases.insert(std::move(node));
      },
      [](SourceState& other) { other.databases["inner.db"]->header = "headex"; },
      [](SourceState& other) { other.databases["inner.db"]->wal_index = "wax"; },
      [](SourceState& other) { other.databases["inner.db"]->wal_index = ""; },
      [](SourceState& other) { other.databases["inner.db"]->file.size = 9; },
      [](SourceState& other) {
        other.databases["inner.db"]->known_by = DatabaseState::KnownBy::ChangeCounter;
      },
      [](SourceState& other) {
        other.databases["inner.db"]->known_by = DatabaseState::KnownBy::WalIndex;
      },
  };
  std::set<std::string> marks;
  for (const auto& change : changes) {
    SourceState other = source;
    change(other);
    marks.insert(change_mark(other, now));
  }
  CHECK(marks.size() == changes.size());
  CHECK_FALSE(marks.contains(""));
}

TEST_CASE("Side files and nested databases are in the mark, whichever of them changes") {
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  database.files = {"notes.txt", "vectors/index.bin", "vectors/inner.db"};
  std::filesystem::create_directory(folder.path() / "vectors");
  make_database(database.path(), "CREATE TABLE t (a)");
  make_database(folder.path() / "vectors" / "inner.db",
                "PRAGMA journal_mode=WAL; CREATE TABLE t (a)");
  write_file(folder.path() / "notes.txt", "one");
  write_file(folder.path() / "vectors" / "index.bin", "12345");
  const std::string before = database.mark();
  REQUIRE_FALSE(before.empty());
  write_file(folder.path() / "unlisted.txt", "one");
  CHECK(database.mark() == before);

  SECTION("a file that keeps its size") {
    write_file(folder.path() / "vectors" / "index.bin", "54321");
  }
  SECTION("a file that is gone") {
    std::filesystem::remove(folder.path() / "vectors" / "index.bin");
    database.files.erase(database.files.begin() + 1);
  }
  SECTION("a file that is new") {
    write_file(folder.path() / "vectors" / "more.bin", "");
    database.files.emplace_back("vectors/more.bin");
  }
  SECTION("a file of another name") {
    std::filesystem::rename(folder.path() / "vectors" / "index.bin",
                            folder.path() / "vectors" / "b.bin");
    database.files[1] = "vectors/b.bin";
  }
  SECTION("a nested database") {
    make_database(folder.path() / "vectors" / "inner.db", "INSERT INTO t VALUES (1)");
  }
  SECTION("the database") {
    make_database(database.path(), "INSERT INTO t VALUES (1)");
  }
  CHECK(database.mark() != before);
  CHECK_FALSE(database.mark().empty());
}

TEST_CASE("What was archived has the mark of what is there, until that changes") {
  const std::string mode = GENERATE("DELETE", "WAL");
  const bool is_open = GENERATE(false, true);
  CAPTURE(mode, is_open);
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  database.files = {"notes.txt"};
  write_file(folder.path() / "notes.txt", "one");
  Application app(Where::AnotherProcess, database.path());
  app.execute("PRAGMA journal_mode=" + mode +
              "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
  app.execute("INSERT INTO visit VALUES (7, 'b')");
  if (!is_open) app.close();

  const std::string before = database.mark();
  DiskStorage storage;
  const FakeClock clock(SystemClock().now());
  const BackupResult result = run_backup(database.request(), storage, clock, {}, {});
  CHECK(result.change_mark == before);
  CHECK(database.mark() == before);
  if (!is_open) app.open();
  app.execute("UPDATE visit SET note = 'a' WHERE id = 7");
  CHECK(database.mark() != before);
}

TEST_CASE("A change while it is archived is in the mark only when it is in the archive") {
  const std::string mode = GENERATE("DELETE", "WAL");
  CAPTURE(mode);
  const TemporaryFolder folder;
  OldDatabase database(folder.path());
  Application app(Where::AnotherProcess, database.path());
  app.execute("PRAGMA journal_mode=" + mode +
              "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note)");
  app.execute("INSERT INTO visit VALUES (1, hex(zeroblob(2000000)))");
  const std::string before = database.mark();
  bool changed = false;
  const auto change = [&](const BackupProgress&) {
    if (!std::exchange(changed, true)) app.execute("INSERT INTO visit VALUES (2, 'late')");
  };
  DiskStorage storage;
  const FakeClock clock(SystemClock().now());
  BackupRequest request = database.request();
  request.counts["visits"] = "SELECT count(*) FROM visit";
  const BackupResult result = run_backup(request, storage, clock, change, {});
  REQUIRE(changed);
  const bool is_in_archive = result.manifest.counts.at("visits") == 2;
  CHECK(is_in_archive == (mode == "DELETE"));
  CHECK((result.change_mark == before) == !is_in_archive);
  // The file was written to just now, which its time tells: so this mark may only differ.
  if (!is_in_archive) CHECK(database.mark() != result.change_mark);
}

}  // namespace
}  // namespace holdfast
