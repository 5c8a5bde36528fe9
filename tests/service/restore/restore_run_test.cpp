#include "service/restore/restore_run.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/restore/restore_recovery.h"
#include "tests/support/application.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/restored_practice.h"

namespace holdfast {
namespace {

// Nothing of a restore lies about.
bool is_tidy(const RestoredPractice& practice) {
  for (const auto& entry : std::filesystem::directory_iterator(practice.data())) {
    if (path_text(entry.path().filename()).starts_with(".holdfast")) return false;
  }
  return true;
}

TEST_CASE("A restore brings all of it back, archives what was there before, and can be undone") {
  const std::string journal = GENERATE("WAL", "DELETE", "TRUNCATE");
  CAPTURE(journal);
  RestoredPractice practice(journal);
  practice.change();
  const auto changed = practice.state();
  REQUIRE(changed != practice.before);

  const RestoreResult restored = practice.restore();
  CHECK(practice.state() == practice.before);
  CHECK(is_tidy(practice));
  CHECK(restored.set_aside.empty());
  CHECK(restored.manifest.counts.at("visits") == 300);
  CHECK(path_text(restored.safety_archive).ends_with(".safety.zip"));
  CHECK(ask(open_database(practice.database()).get(), "PRAGMA journal_mode") ==
        (journal == "WAL" ? "wal" : "delete"));

  const RestoreResult undone = practice.restore(restored.safety_archive);
  CHECK(practice.state() == changed);
  CHECK(is_tidy(practice));
  practice.restore(undone.safety_archive);
  CHECK(practice.state() == practice.before);
}

TEST_CASE("An application with the database open sees what was restored at its next read") {
  RestoredPractice practice("WAL");
  const SqliteConnection application = open_database(practice.database());
  execute(application.get(), "DELETE FROM visit WHERE id > 10");
  CHECK(ask(application.get(), "SELECT count(*) FROM visit") == "10");
  practice.restore();
  CHECK(ask(application.get(), "SELECT count(*) FROM visit") == "300");
  execute(application.get(), "INSERT INTO visit(note) VALUES ('after')");
  CHECK(ask(application.get(), "PRAGMA integrity_check") == "ok");
  CHECK(ask(application.get(), "SELECT count(*) FROM visit") == "301");
}

TEST_CASE("A reader in the middle of its transaction goes on seeing what was there before") {
  RestoredPractice practice("WAL");
  practice.change();
  const SqliteConnection reader = open_database(practice.database());
  execute(reader.get(), "BEGIN");
  CHECK(ask(reader.get(), "SELECT count(*) FROM visit") == "200");
  practice.restore();
  CHECK(ask(reader.get(), "SELECT count(*) FROM visit") == "200");
  execute(reader.get(), "COMMIT");
  CHECK(ask(reader.get(), "SELECT count(*) FROM visit") == "300");
}

TEST_CASE("While a database is locked nothing is changed") {
  const std::string journal = GENERATE("WAL", "DELETE");
  RestoredPractice practice(journal);
  practice.change();
  Application application(Application::Where::AnotherProcess, practice.database());
  application.execute(journal == "WAL" ? "BEGIN IMMEDIATE" : "BEGIN; SELECT * FROM visit");
  const Error failure = practice.failure();
  CHECK(failure.code() == ErrorCode::DatabaseBusy);
  application.execute("ROLLBACK");
  application.close();
  CHECK(practice.state() != practice.before);
  CHECK(is_tidy(practice));
  practice.restore();
  CHECK(practice.state() == practice.before);
}

TEST_CASE("What is damaged or gone is replaced as a file, and kept aside") {
  RestoredPractice practice("WAL");
  std::string there;
  SECTION("its pages are damaged") {
    there = file_content(practice.database());
    for (std::size_t at = 4096; at < 8192; ++at) there[at] = 'x';
  }
  SECTION("it is no database") {
    there = std::string(10'000, 'x');
  }
  SECTION("it is a few bytes") {
    there = "ruined";
  }
  SECTION("it is empty") {
    there = "";
  }
  write_file(practice.database(), there);
  write_file(practice.data() / "clinic.db-wal", "stale");
  const RestoreResult restored = practice.restore();
  CHECK(practice.state() == practice.before);
  CHECK(restored.safety_archive.empty());
  REQUIRE(restored.set_aside == practice.data() / "clinic.db.before-restore-20261120T100200Z");
  CHECK((file_content(restored.set_aside / "clinic.db") == there));
  CHECK(file_content(restored.set_aside / "clinic.db-wal") == "stale");
  CHECK(is_tidy(practice));
}

TEST_CASE("A database that is not there is made, with its folder") {
  RestoredPractice practice("WAL");
  SECTION("the database is gone") {
    std::filesystem::remove(practice.database());
    const RestoreResult restored = practice.restore();
    CHECK(file_content(restored.set_aside / "settings.json") == "first");
  }
  SECTION("the folder is gone") {
    std::filesystem::remove_all(practice.data());
    CHECK(practice.restore().set_aside.empty());
  }
  CHECK(practice.state() == practice.before);
}

TEST_CASE("A stale journal or WAL beside a lost database does not get into the restored one") {
  RestoredPractice practice("WAL");
  std::string wal;
  {
    const SqliteConnection application = open_database(practice.database());
    execute(application.get(), "UPDATE visit SET note = 'in the wal'");
    wal = file_content(practice.data() / "clinic.db-wal");
  }
  std::filesystem::remove(practice.database());
  write_file(practice.data() / "clinic.db-wal", wal);
  const RestoreResult restored = practice.restore();
  CHECK((file_content(restored.set_aside / "clinic.db-wal") == wal));
  CHECK(practice.state() == practice.before);
}

TEST_CASE("Another page size is restored in either mode") {
  const std::string journal = GENERATE("WAL", "DELETE");
  RestoredPractice practice(journal);
  execute(
      open_database(practice.database()).get(),
      "PRAGMA journal_mode=DELETE; PRAGMA page_size=1024; VACUUM; PRAGMA journal_mode=" + journal);
  practice.change();
  const RestoreResult restored = practice.restore();
  CHECK(practice.state() == practice.before);
  CHECK(restored.set_aside.empty() == (journal == "DELETE"));
  CHECK_FALSE(restored.safety_archive.empty());
}

TEST_CASE("Databases of every vacuum mode are restored over each other") {
  const std::string archived = GENERATE("NONE", "FULL", "INCREMENTAL");
  const std::string live = GENERATE("NONE", "FULL", "INCREMENTAL");
  CAPTURE(archived, live);
  RestoredPractice practice("WAL", "PRAGMA auto_vacuum=" + archived + ";");
  execute(open_database(practice.database()).get(),
          "PRAGMA journal_mode=DELETE; PRAGMA auto_vacuum=" + live +
              "; VACUUM; PRAGMA journal_mode=WAL");
  practice.change();
  practice.restore();
  CHECK(practice.state() == practice.before);
}

TEST_CASE("An archive that is not as it was is refused before anything is touched") {
  RestoredPractice practice("WAL");
  practice.change();
  const auto changed = practice.state();
  std::string bytes = file_content(practice.archive);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  write_file(practice.archive, bytes);
  const Error failure = practice.failure();
  CHECK(
      (failure.code() == ErrorCode::ArchiveDamaged || failure.code() == ErrorCode::ArchiveInvalid));
  CHECK(practice.state() == changed);
  CHECK(is_tidy(practice));
  CHECK_FALSE(std::filesystem::exists(practice.safety()));
}

// Whatever it has counted, it will never count that again.
const std::map<std::string, std::string> kNeverTheSame{
    {"visits", "SELECT abs(random() % 1000000000000000000)"}};

TEST_CASE("An archive that no longer counts what it counted is refused") {
  RestoredPractice practice("WAL");
  practice.request.target.counts = kNeverTheSame;
  practice.archive = practice.back_up();
  practice.change();
  const Error failure = practice.failure();
  CHECK(failure.code() == ErrorCode::ArchiveDamaged);
  const std::string told = failure.what();
  CHECK(told.starts_with("The archive is not restored: it should have "));
  CHECK(told.find(" visits and has ") != std::string::npos);
  CHECK(is_tidy(practice));
}

TEST_CASE("A count whose query was changed since proves nothing against an archive") {
  RestoredPractice practice("WAL");
  practice.change();
  practice.request.target.counts = {{"visits", "SELECT count(*) - 1 FROM visit"}};
  practice.restore();
  CHECK(practice.state() == practice.before);
}

TEST_CASE("An archive of another application is restored only when that is meant") {
  RestoredPractice practice("WAL");
  execute(open_database(practice.database()).get(), "PRAGMA application_id=99");
  const Error failure = practice.failure();
  CHECK(failure.code() == ErrorCode::ArchiveForeign);
  CHECK(failure.action().find("--foreign") != std::string::npos);
  practice.request.foreign = ForeignArchive::Accepted;
  practice.restore();
  CHECK(practice.state() == practice.before);
}

TEST_CASE("A folder in the place of a file is left alone") {
  RestoredPractice practice("WAL");
  practice.change();
  const std::filesystem::path place = practice.data() / "settings.json";
  std::filesystem::remove(place);
  std::filesystem::create_directory(place);
  CHECK(practice.failure().code() == ErrorCode::AlreadyExists);
  CHECK(std::filesystem::exists(place));
  CHECK(is_tidy(practice));
}

TEST_CASE("A folder is not taken for a database that is damaged") {
  RestoredPractice practice("WAL");
  practice.request.target.database = practice.data();
  practice.request.safety.database = practice.data();
  CHECK(practice.failure().code() == ErrorCode::AlreadyExists);
  CHECK(practice.state() == practice.before);
  CHECK_FALSE(std::filesystem::exists(practice.safety()));
}

TEST_CASE("Side files that no pattern names are neither touched nor lost") {
  RestoredPractice practice("WAL");
  practice.change();
  write_file(practice.data() / "notes.txt", "mine");
  write_file(practice.data() / "images" / "b.png", "b");
  practice.request.target.include = {"*.json"};
  practice.request.safety.include = {"*.json"};
  practice.restore();
  CHECK(file_content(practice.data() / "notes.txt") == "mine");
  CHECK(file_content(practice.data() / "images" / "b.png") == "b");
  CHECK(file_content(practice.data() / "settings.json") == "first");
}

TEST_CASE("What is written while the safety archive is made is archived, too") {
  const std::string journal = GENERATE("WAL", "DELETE");
  RestoredPractice practice(journal);
  practice.change();
  int published = 0;
  practice.storage.before = [&](const std::string& step) {
    // The safety archive gets its name, and is older than what is written now.
    if (step != "rename" || !std::filesystem::exists(practice.safety()) || published > 0) return;
    for (const auto& entry : std::filesystem::directory_iterator(practice.safety())) {
      if (path_text(entry.path()).ends_with(".tmp") && ++published == 1) {
        execute(open_database(practice.database()).get(),
                "INSERT INTO visit(note) VALUES ('at the last moment')");
      }
    }
  };
  const RestoreResult restored = practice.restore();
  CHECK(published == 1);
  CHECK(practice.state() == practice.before);
  practice.restore(restored.safety_archive);
  CHECK(practice.state().at("visits").ends_with(",at the last moment"));
}

TEST_CASE("What is written after an archive was staged changes nothing of what is restored") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool is_archive_good = GENERATE(true, false);
  CAPTURE(journal, is_archive_good);
  RestoredPractice practice(journal);
  practice.request.archive = practice.archive;
  practice.clock.advance(std::chrono::seconds(60));
  const auto on_progress = [&](const RestoreProgress& progress) {
    if (progress.phase != RestorePhase::Checking) return;
    // Every page that was still the archived one is another now.
    execute(open_database(practice.database()).get(),
            "UPDATE visit SET note = 'late' || hex(randomblob(98)); PRAGMA wal_checkpoint");
    if (is_archive_good) return;
    std::string bytes = file_content(practice.archive);
    for (std::size_t at = 500; at < 5000; ++at) bytes[at] = static_cast<char>(bytes[at] ^ 1);
    write_file(practice.archive, bytes);
  };
  std::optional<Error> failure;
  try {
    run_restore(practice.request, practice.storage, practice.clock, on_progress, {});
  } catch (const Error& error) {
    failure = error;
  }
  CHECK(is_tidy(practice));
  if (is_archive_good) {
    CHECK_FALSE(failure);
    CHECK(practice.state() == practice.before);
  } else {
    CHECK((failure && failure->code() == ErrorCode::ArchiveDamaged));
    CHECK(practice.state().at("visits").starts_with("late"));
  }
}

TEST_CASE("A database that is written to all the time is not restored over") {
  RestoredPractice practice("WAL");
  practice.storage.before = [&](const std::string& step) {
    if (step == "rename" && std::filesystem::exists(practice.safety())) {
      execute(open_database(practice.database()).get(), "INSERT INTO visit(note) VALUES ('x')");
    }
  };
  CHECK(practice.failure().code() == ErrorCode::DatabaseBusy);
  practice.storage.before = [](const std::string&) {};
  CHECK(practice.state().at("visits").ends_with(",x"));
  CHECK(is_tidy(practice));
}

TEST_CASE("What is not as it was restored when it is read back is put back as it was before") {
  RestoredPractice practice("DELETE");
  practice.change();
  const auto changed = practice.state();
  practice.request.archive = practice.archive;
  std::string told;
  try {
    run_restore(practice.request, practice.storage, practice.clock,
                [&](const RestoreProgress& progress) {
                  if (progress.phase != RestorePhase::Confirming) return;
                  // As a disk does that has not kept what was written.
                  std::string bytes = file_content(practice.database());
                  bytes.replace(4096 + 100, 50, std::string(50, 'x'));
                  write_file(practice.database(), bytes);
                },
                {});
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::RestoreFailed);
    told = error.what();
  }
  CHECK(told.ends_with("what was there before was put back."));
  CHECK(practice.state() == changed);
  CHECK(is_tidy(practice));
}

TEST_CASE("A restore that is cancelled has changed nothing") {
  RestoredPractice practice("WAL");
  practice.change();
  const auto changed = practice.state();
  for (const RestorePhase last :
       {RestorePhase::Staging, RestorePhase::Checking, RestorePhase::Saving}) {
    std::stop_source stop;
    practice.request.archive = practice.archive;
    practice.clock.advance(std::chrono::seconds(60));
    CHECK_THROWS_AS(run_restore(
                        practice.request, practice.storage, practice.clock,
                        [&](const RestoreProgress& progress) {
                          if (progress.phase == last) stop.request_stop();
                        },
                        stop.get_token()),
                    Error);
    CHECK(practice.state() == changed);
    CHECK(is_tidy(practice));
  }
}

TEST_CASE("A disk that fails at any step leaves what was there, or what was restored") {
  const std::string journal = GENERATE("WAL", "DELETE");
  RestoredPractice practice(journal);
  practice.change();
  const auto changed = practice.state();
  bool has_failed = true;
  for (int last = 1; has_failed; ++last) {
    CAPTURE(journal, last);
    REQUIRE(last < 300);
    int step = 0;
    practice.storage.before = [&](const std::string&) {
      if (++step == last) throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some.");
    };
    has_failed = false;
    try {
      practice.restore();
    } catch (const Error& error) {
      has_failed = true;
      CHECK_FALSE(std::string(error.what()).empty());
    }
    practice.storage.before = [](const std::string&) {};
    recover_restore(practice.storage, practice.database());
    const auto now = practice.state();
    CHECK((now == changed || now == practice.before));
    CHECK(is_tidy(practice));
    practice.become_changed();
  }
}

TEST_CASE("A disk that fails SQLite at any step leaves what was there, or what was restored") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool lasts = GENERATE(false, true);
  RestoredPractice practice(journal);
  practice.change();
  const auto changed = practice.state();
  int failures = 0;
  bool was_met = true;
  for (int failing = 0; was_met; failing += lasts ? 3 : 1) {
    CAPTURE(journal, lasts, failing);
    REQUIRE(failing < 300);
    practice.become_changed();
    int left = failing;
    RestorePhase phase = RestorePhase::Staging;
    std::optional<Error> failure;
    {
      const auto is_failing = [&] { return left-- == 0 || (lasts && left < 0); };
      const FaultyVfs vfs([&] { return is_failing() ? SQLITE_FULL : SQLITE_OK; },
                          [&] { return is_failing() ? SQLITE_IOERR_FSYNC : SQLITE_OK; });
      practice.clock.advance(std::chrono::seconds(60));
      practice.request.archive = practice.archive;
      try {
        run_restore(practice.request, practice.storage, practice.clock,
                    [&phase](const RestoreProgress& progress) { phase = progress.phase; }, {});
      } catch (const Error& error) {
        failure = error;
      }
      was_met = left < 0;
    }
    const Recovery recovery = recover_restore(practice.storage, practice.database());
    const auto now = practice.state();
    CHECK((now == changed || now == practice.before));
    CHECK(is_tidy(practice));
    if (!failure) {
      CHECK(now == practice.before);
      continue;
    }
    ++failures;
    CAPTURE(failure->line());
    if (recovery == Recovery::Nothing) CHECK(now == changed);
    const bool is_told =
        std::string(failure->what())
            .starts_with("Cannot write to the database " + path_text(practice.database()));
    if (phase == RestorePhase::Restoring) CHECK(is_told);
    CHECK_FALSE(failure->action().empty());
  }
  CHECK(failures > 3);
}

TEST_CASE("Who looks at the accounts while archives are restored finds all the money, always") {
  const std::string journal = GENERATE("WAL", "DELETE");
  RestoredPractice practice(journal);
  execute(open_database(practice.database()).get(),
          "CREATE TABLE account (id INTEGER PRIMARY KEY, money INTEGER NOT NULL, note TEXT);"
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
          "INSERT INTO account SELECT i, 1000, hex(randomblob(100)) FROM n;");
  const std::filesystem::path even = practice.back_up();
  execute(open_database(practice.database()).get(),
          "UPDATE account SET money = iif(id % 2, 1999, 1), note = hex(randomblob(id))");
  const std::filesystem::path odd = practice.back_up();
  std::vector<std::unique_ptr<ChildProcess>> watchers;
  for (int i = 0; i < 2; ++i) {
    watchers.push_back(std::make_unique<ChildProcess>("bank_writer"));
    watchers.back()->write_line(path_text(practice.database()));
    watchers.back()->write_line("watch");
    REQUIRE(watchers.back()->read_line() == "ready");
  }
  int restored = 0;
  for (int attempt = 0; restored < 6; ++attempt) {
    REQUIRE(attempt < 200);
    try {
      practice.restore(restored % 2 == 0 ? even : odd);
      ++restored;
      const bool is_even =
          ask(open_database(practice.database()).get(), "SELECT max(money) FROM account") == "1000";
      CHECK(is_even == (restored % 2 == 1));
    } catch (const Error& error) {
      // In rollback mode those who look all the time may keep others out.
      REQUIRE(error.code() == ErrorCode::DatabaseBusy);
    }
  }
  for (const auto& watcher : watchers) CHECK(watcher->finish() == 0);
}

TEST_CASE("What is refused leaves no safety archive") {
  RestoredPractice practice("WAL");
  SECTION("it does not count what it counted") {
    practice.request.target.counts = kNeverTheSame;
    practice.archive = practice.back_up();
    CHECK(practice.failure().code() == ErrorCode::ArchiveDamaged);
  }
  SECTION("it is of another application") {
    execute(open_database(practice.database()).get(), "PRAGMA application_id=99");
    CHECK(practice.failure().code() == ErrorCode::ArchiveForeign);
  }
  CHECK(is_tidy(practice));
  if (std::filesystem::exists(practice.safety())) {
    CHECK(std::filesystem::is_empty(practice.safety()));
  }
}

TEST_CASE("A side file is not restored as the database, or as what SQLite reads beside it") {
  const std::string name =
      GENERATE("clinic.db-journal", "clinic.db-wal", "Clinic.DB-WAL", "clinic.db", "CLINIC.db");
  CAPTURE(name);
  RestoredPractice practice("DELETE");
  const std::filesystem::path other = practice.folder.path() / "other";
  std::filesystem::create_directories(other);
  std::filesystem::copy_file(practice.database(), other / "other.db");
  write_file(other / name, "what SQLite would take in");
  BackupRequest backup = practice.request.safety;
  backup.database = other / "other.db";
  backup.include = {"*"};
  practice.archive = run_backup(backup, practice.storage, practice.clock, {}, {}).archive;
  practice.change();
  const auto changed = practice.state();
  CHECK(practice.failure().code() == ErrorCode::ArchiveInvalid);
  CHECK(practice.state() == changed);
  CHECK(is_tidy(practice));
}

TEST_CASE("A journal that appears beside what was restored is not taken for good") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool is_there = GENERATE(true, false);
  CAPTURE(journal, is_there);
  RestoredPractice practice(journal);
  practice.change();
  if (!is_there) std::filesystem::remove(practice.database());
  practice.request.archive = practice.archive;
  const std::filesystem::path beside = practice.data() / "clinic.db-journal";
  ErrorCode code = ErrorCode::Internal;
  try {
    run_restore(practice.request, practice.storage, practice.clock,
                [&](const RestoreProgress& progress) {
                  if (progress.phase == RestorePhase::Confirming) write_file(beside, "no journal");
                },
                {});
  } catch (const Error& error) {
    code = error.code();
  }
  CHECK(code == ErrorCode::RestoreFailed);
  std::filesystem::remove(beside);
  practice.restore();
  CHECK(practice.state() == practice.before);
  CHECK(is_tidy(practice));
}

}  // namespace
}  // namespace holdfast
