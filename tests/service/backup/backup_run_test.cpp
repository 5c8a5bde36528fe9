#include "service/backup/backup_run.h"

#include <chrono>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/extract_archive.h"
#include "service/archive/list_archives.h"
#include "service/archive/verify_archive.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr const char* kClinic =
    "CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
    "INSERT INTO patients SELECT i, 'patient ' || i || hex(randomblob(200)) FROM n;";

struct Fixture {
  TemporaryFolder source;
  TemporaryFolder destination;
  TemporaryFolder scratch;
  FaultyStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  BackupRequest request{.dataset = "clinic",
                        .database = source.path() / "clinic.db",
                        .destination = destination.path(),
                        .counts = {{"patients", "SELECT count(*) FROM patients"}},
                        .reason = "test",
                        .host = "PC-1",
                        .user = "ann"};

  BackupResult back_up(const OnBackupProgress& on_progress = {}) {
    return run_backup(request, storage, clock, on_progress, {});
  }
  ErrorCode refusal() {
    try {
      back_up();
    } catch (const Error& error) {
      CHECK_FALSE(error.action().empty());
      return error.code();
    }
    return ErrorCode::Internal;
  }
  std::filesystem::path extracted(const BackupResult& result) {
    const auto folder = scratch.path() / result.archive.stem();
    extract_archive(ArchiveReader(storage, result.archive), storage, folder);
    return folder;
  }
  std::size_t files_in_destination() { return folder_content(destination.path()).size(); }
};

TEST_CASE_METHOD(Fixture, "A backup is one archive under its name, with what it tells of itself") {
  make_database(request.database, kClinic);
  const BackupResult result = back_up();
  CHECK(path_text(result.archive.filename()) == "clinic_20261120T100000Z_PC-1.zip");
  CHECK(result.archive_bytes == std::filesystem::file_size(result.archive));
  CHECK(files_in_destination() == 1);
  const Manifest manifest = ArchiveReader(storage, result.archive).manifest();
  CHECK(manifest.dataset == "clinic");
  CHECK(manifest.counts.at("patients") == 300);
  CHECK(manifest.database == "clinic.db");
  CHECK(manifest.host == "PC-1");
  CHECK(manifest.user == "ann");
  CHECK(manifest.reason == "test");
  CHECK(manifest.created_at == clock.now());
  CHECK(manifest.schema_hash.size() == 32);
}

TEST_CASE_METHOD(Fixture, "Two backups of one second get two names, and none is replaced") {
  make_database(request.database, kClinic);
  const BackupResult first = back_up();
  const std::string before = file_content(first.archive);
  const BackupResult second = back_up();
  CHECK(path_text(second.archive.filename()) == "clinic_20261120T100000Z_PC-1.2.zip");
  CHECK(file_content(first.archive) == before);
}

TEST_CASE_METHOD(Fixture,
                 "What was backed up comes back as it was, side files and nested databases too") {
  make_database(request.database, kClinic);
  write_file(source.path() / "settings.json", "{}");
  std::filesystem::create_directories(source.path() / "chroma" / "deep");
  write_file(source.path() / "chroma" / "deep" / "vectors.bin", std::string(3'000'000, 'v'));
  write_file(source.path() / "chroma" / "empty", "");
  write_file(source.path() / "other.txt", "not asked for");
  const SqliteConnection nested = open_database(source.path() / "chroma" / "index.sqlite3");
  execute(nested.get(), "PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES (7);");
  request.include = {"chroma/**", "settings.json"};

  const auto folder = extracted(back_up());
  CHECK(file_content(folder / "settings.json") == "{}");
  CHECK(file_content(folder / "chroma" / "deep" / "vectors.bin") == std::string(3'000'000, 'v'));
  CHECK(file_content(folder / "chroma" / "empty").empty());
  CHECK_FALSE(std::filesystem::exists(folder / "other.txt"));
  CHECK_FALSE(std::filesystem::exists(folder / "chroma" / "index.sqlite3-wal"));
  CHECK(ask(open_database(folder / "chroma" / "index.sqlite3").get(), "SELECT a FROM t") == "7");
  CHECK(ask(open_database(folder / "clinic.db").get(), "SELECT count(*) FROM patients") == "300");
}

TEST_CASE_METHOD(Fixture, "Archives made while another process writes restore to a whole state") {
  const std::string mode = GENERATE("wal", "delete");
  CAPTURE(mode);
  request.counts = {{"money", "SELECT sum(money) FROM account"}};
  ChildProcess writer("bank_writer");
  writer.write_line(path_text(request.database));
  writer.write_line(mode);
  REQUIRE(writer.read_line() == "ready");
  for (int round = 0; round < 8; ++round) {
    clock.advance(1min);
    const BackupResult result = back_up();
    CHECK(result.manifest.counts.at("money") == 500'000);
    const SqliteConnection restored = open_database(extracted(result) / "clinic.db");
    CHECK(ask(restored.get(), "PRAGMA integrity_check") == "ok");
    CHECK(ask(restored.get(), "SELECT sum(money) FROM account") == "500000");
  }
  CHECK(writer.finish() == 0);
}

TEST_CASE_METHOD(Fixture, "A damaged database gives no archive, and the earlier ones are kept") {
  const std::string mode = GENERATE("WAL", "DELETE");
  CAPTURE(mode);
  make_database(request.database, "PRAGMA journal_mode=" + mode + ";" + kClinic);
  back_up();
  std::string content = file_content(request.database);
  for (std::size_t place = 3 * 4096 + 40; place < 4 * 4096; ++place) content[place] = 'x';
  write_file(request.database, content);
  clock.advance(1h);
  CHECK(refusal() == ErrorCode::DatabaseDamaged);
  CHECK(files_in_destination() == 1);
}

// Three MiB in rollback mode, so that something can happen while they are read.
constexpr const char* kLargeClinic =
    "CREATE TABLE patients (id INTEGER PRIMARY KEY, name TEXT);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    "INSERT INTO patients SELECT i, hex(randomblob(500)) FROM n;";

TEST_CASE_METHOD(Fixture,
                 "In rollback mode writers go on while a draft is read, and it is corrected") {
  const std::string change = GENERATE(
      "UPDATE patients SET name = 'Ann' WHERE id IN (7, 1500, 2999)",
      "DELETE FROM patients WHERE id > 500; VACUUM", "PRAGMA page_size = 1024; VACUUM", "SELECT 1",
      "WITH RECURSIVE n(i) AS (SELECT 4000 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)"
      "INSERT INTO patients SELECT i, hex(randomblob(500)) FROM n;");
  CAPTURE(change);
  make_database(request.database, kLargeClinic);
  const SqliteConnection application = open_database(request.database);
  bool changed = false;
  const BackupResult result = back_up([&](const BackupProgress& progress) {
    if (changed || progress.phase != BackupPhase::Reading) return;
    execute(application.get(), change);
    changed = true;
  });
  REQUIRE(changed);
  const SqliteConnection restored = open_database(extracted(result) / "clinic.db");
  CHECK(ask(restored.get(), "PRAGMA integrity_check") == "ok");
  const char* const all = "SELECT count(*) || group_concat(name) FROM patients";
  CHECK(ask(restored.get(), all) == ask(application.get(), all));
  CHECK(file_content(scratch.path() / result.archive.stem() / "clinic.db") ==
        file_content(request.database));
  CHECK(std::to_string(result.manifest.counts.at("patients")) ==
        ask(application.get(), "SELECT count(*) FROM patients"));
  CHECK(clock.waited().empty());
  CHECK(path_text(result.archive.filename()) == "clinic_20261120T100000Z_PC-1.zip");
  CHECK(files_in_destination() == 1);
}

TEST_CASE_METHOD(Fixture, "The page size in the manifest is that of the pages") {
  make_database(request.database, kLargeClinic);
  bool changed = false;
  // After the first look at the database, before the draft is read.
  storage.before = [&](const std::string& step) {
    if (step != "create" || changed) return;
    changed = true;
    execute(open_database(request.database).get(), "PRAGMA page_size = 1024; VACUUM");
  };
  const BackupResult result = back_up();
  REQUIRE(changed);
  CHECK(result.manifest.entries.front().page_size == 1024);
  CHECK(files_in_destination() == 1);
}

TEST_CASE_METHOD(Fixture, "A draft of which too little is left is made again") {
  make_database(request.database, kLargeClinic);
  const SqliteConnection application = open_database(request.database);
  bool changed = false;
  const BackupResult result = back_up([&](const BackupProgress&) {
    if (!changed) {
      execute(application.get(),
              "PRAGMA synchronous=OFF; CREATE TABLE scan(image);"
              "INSERT INTO scan VALUES (randomblob(26000000));");
    }
    changed = true;
  });
  CHECK(clock.waited().size() == 1);
  CHECK(result.manifest.entries.front().size > 29'000'000);
  CHECK(files_in_destination() == 1);
}

TEST_CASE_METHOD(Fixture, "A side file that changes while it is read is read again") {
  make_database(request.database, kClinic);
  request.include = {"letter.txt"};
  const std::filesystem::path letter = source.path() / "letter.txt";
  write_file(letter, "Dear");
  int opened = 0;
  storage.before_open = [&](const std::filesystem::path& file) {
    // Once to see what it is, and then twice for each attempt.
    if (file == letter && ++opened == 3) write_file(letter, "Dear Ann");
  };
  CHECK(file_content(extracted(back_up()) / "letter.txt") == "Dear Ann");
  CHECK(clock.waited().size() == 1);
}

TEST_CASE_METHOD(Fixture, "A side file that never rests is named, and there is no archive") {
  make_database(request.database, kClinic);
  request.include = {"letter.txt"};
  const std::filesystem::path letter = source.path() / "letter.txt";
  write_file(letter, "");
  storage.before_open = [&](const std::filesystem::path& file) {
    if (file == letter) write_file(letter, file_content(letter) + "x");
  };
  CHECK_THROWS_WITH(back_up(), Catch::Matchers::ContainsSubstring("letter.txt was changed"));
  CHECK(clock.waited().size() == 3);
  CHECK(files_in_destination() == 0);
}

TEST_CASE_METHOD(Fixture, "A side file that vanishes is no part of the archive that is made") {
  make_database(request.database, kClinic);
  request.include = {"*.txt"};
  write_file(source.path() / "kept.txt", "kept");
  write_file(source.path() / "letter.txt", "Dear");
  int opened = 0;
  storage.before_open = [&](const std::filesystem::path& file) {
    if (file.filename() == "letter.txt" && ++opened == 2) std::filesystem::remove(file);
  };
  const auto content = folder_content(extracted(back_up()));
  CHECK(opened == 2);
  CHECK(content.contains("kept.txt"));
  CHECK_FALSE(content.contains("letter.txt"));
}

TEST_CASE_METHOD(Fixture, "A database that stays locked is tried four times, and then named") {
  ChildProcess other("bank_writer");
  make_database(request.database, kClinic);
  other.write_line(path_text(request.database));
  other.write_line("exclusive");
  REQUIRE(other.read_line() == "ready");
  CHECK(refusal() == ErrorCode::DatabaseBusy);
  CHECK(clock.waited() == std::vector<std::chrono::milliseconds>{1s, 2s, 4s});
  CHECK(files_in_destination() == 0);
}

TEST_CASE_METHOD(Fixture,
                 "A database that somebody is about to change is archived and checked as it is") {
  make_database(request.database, kClinic);
  const bool damaged = GENERATE(false, true);
  CAPTURE(damaged);
  if (damaged) {
    execute(open_database(request.database).get(),
            "CREATE INDEX by_name ON patients (name); PRAGMA writable_schema=ON;"
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_name ON patients (id)' "
            "WHERE name = 'by_name'");
  }
  const SqliteConnection writer = open_database(request.database);
  execute(writer.get(), "BEGIN IMMEDIATE");
  if (damaged) {
    CHECK(refusal() == ErrorCode::DatabaseDamaged);
  } else {
    CHECK(back_up().manifest.counts.at("patients") == 300);
  }
  CHECK(files_in_destination() == (damaged ? 0 : 1));
}

TEST_CASE_METHOD(Fixture,
                 "A failure at any step leaves only whole archives, and none of the new one") {
  make_database(request.database, kClinic);
  back_up();
  clock.advance(1h);
  int steps = 0;
  storage.before = [&](const std::string&) { ++steps; };
  back_up();
  REQUIRE(steps > 5);
  for (int failing = 1; failing <= steps; ++failing) {
    clock.advance(1h);
    int step = 0;
    std::string name;
    storage.before = [&](const std::string& what) {
      // Once broken the disk stays broken, but for what is removed.
      if (++step < failing || what == "remove") return;
      name = what;
      throw Error(ErrorCode::DiskFull, "Cannot write: the disk is full.", "Free some space.");
    };
    CAPTURE(failing, name);
    CHECK(refusal() == ErrorCode::DiskFull);
    storage.before = [](const std::string&) {};
    for (const ListedArchive& archive : list_archives(storage, destination.path())) {
      CHECK(archive.fault.empty());
      CHECK(
          verify_archive(ArchiveReader(storage, destination.path() / archive.file_name)).is_good());
    }
    for (const auto& [file, content] : folder_content(destination.path())) {
      CHECK(file.ends_with(".zip"));
    }
  }
}

TEST_CASE_METHOD(Fixture, "What a crash left is swept by the next backup, and nothing else is") {
  make_database(request.database, kClinic);
  const auto put = [&](const char* name) { write_file(destination.path() / name, "half"); };
  put("clinic_20261119T100000Z_PC-1.zip.tmp");
  put("clinic_20261119T100000Z_PC-2.zip.tmp");
  put("other_20261119T100000Z_PC-1.zip.tmp");
  put("letter.tmp");
  back_up();
  const auto left = folder_content(destination.path());
  CHECK(left.size() == 4);
  CHECK_FALSE(left.contains("clinic_20261119T100000Z_PC-1.zip.tmp"));
}

TEST_CASE_METHOD(Fixture, "A cancelled backup leaves nothing behind") {
  make_database(request.database, kClinic);
  request.include = {"**"};
  write_file(source.path() / "large.bin", std::string(8'000'000, 'x'));
  std::stop_source stop;
  try {
    run_backup(
        request, storage, clock, [&](const BackupProgress&) { stop.request_stop(); },
        stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
  CHECK(files_in_destination() == 0);
}

TEST_CASE_METHOD(Fixture, "Progress rises to the whole, phase by phase") {
  make_database(request.database, kClinic);
  request.include = {"*.bin"};
  write_file(source.path() / "large.bin", std::string(5'000'000, 'x'));
  std::vector<BackupProgress> told;
  back_up([&](const BackupProgress& progress) { told.push_back(progress); });
  REQUIRE(told.size() >= 4);
  CHECK(told.front().phase == BackupPhase::Reading);
  CHECK(told.back().phase == BackupPhase::Checking);
  for (std::size_t i = 1; i < told.size(); ++i) {
    if (told[i].phase == told[i - 1].phase) CHECK(told[i].done_bytes >= told[i - 1].done_bytes);
    CHECK(told[i].done_bytes <= told[i].total_bytes);
  }
}

TEST_CASE_METHOD(Fixture, "The application's files and folder are as they were, to the byte") {
  const std::string mode = GENERATE("WAL", "DELETE");
  CAPTURE(mode);
  make_database(request.database, "PRAGMA journal_mode=" + mode + ";" + kClinic);
  const auto before = folder_content(source.path());
  back_up();
  CHECK(folder_content(source.path()) == before);
}

TEST_CASE_METHOD(Fixture, "What cannot be swept now keeps no backup from being made") {
  make_database(request.database, kClinic);
  const std::string left = "clinic_20261119T100000Z_PC-1.zip.tmp";
  write_file(destination.path() / left, "half an archive");
  const auto fail = [] { throw Error(ErrorCode::AccessDenied, "It is open elsewhere.", ""); };
  SECTION("it cannot be removed") {
    storage.before = [&](const std::string& step) {
      if (step == "remove") fail();
    };
  }
  SECTION("it cannot be looked at") {
    storage.before_open = [&](const std::filesystem::path& file) {
      if (file.filename() == left) fail();
    };
  }
  CHECK(std::filesystem::exists(back_up().archive));
  CHECK(sweep_unfinished(storage, destination.path(), "clinic", "PC-1").size() == 1);
  CHECK(files_in_destination() == 2);
  storage.before = [](const std::string&) {};
  storage.before_open = [](const std::filesystem::path&) {};
  CHECK(sweep_unfinished(storage, destination.path(), "clinic", "PC-1").empty());
  CHECK(files_in_destination() == 1);
}

TEST_CASE_METHOD(Fixture, "A dataset's name that leads elsewhere gives no archive there") {
  make_database(request.database, kClinic);
  request.destination = destination.path() / "backups";
  request.dataset = "../clinic";
  CHECK(refusal() == ErrorCode::Usage);
  CHECK(std::filesystem::is_empty(request.destination));
  std::filesystem::remove(request.destination);
  CHECK(files_in_destination() == 0);
}

// Each row's place in the index takes a part of a second to be found, and nothing to be read.
constexpr const char* kSlowToCheck =
    "CREATE TABLE patients (id INTEGER PRIMARY KEY);"
    "CREATE INDEX slow ON patients (abs(id));"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    "INSERT INTO patients SELECT i FROM n;"
    "PRAGMA writable_schema=ON;"
    "UPDATE sqlite_schema SET sql = 'CREATE INDEX slow ON patients "
    "(abs(id + 0 * length(replace(hex(zeroblob(4000000 + id)), ''0'', ''01''))))' "
    "WHERE name = 'slow';";

TEST_CASE_METHOD(Fixture,
                 "A backup that is cancelled while it is checked, or corrected, ends soon and "
                 "leaves nothing") {
  const std::string journal = GENERATE("WAL", "DELETE");
  const bool is_corrected = GENERATE(false, true);
  if (is_corrected && journal == "WAL") return;
  CAPTURE(journal, is_corrected);
  make_database(request.database, "PRAGMA journal_mode=" + journal + ";" +
                                      (is_corrected ? kLargeClinic : kSlowToCheck));
  std::stop_source stop;
  int written_since = 0;
  bool changed = false;
  storage.before = [&](const std::string& step) {
    // The archive for what was corrected.
    if (step == "create" && changed) stop.request_stop();
    if (step == "write" && stop.stop_requested()) ++written_since;
  };
  const auto begin = std::chrono::steady_clock::now();
  try {
    run_backup(
        request, storage, clock,
        [&](const BackupProgress& progress) {
          if (is_corrected && !changed) {
            execute(open_database(request.database).get(), "UPDATE patients SET name = 'Ann'");
            changed = true;
          }
          if (!is_corrected && progress.phase == BackupPhase::Checking) stop.request_stop();
        },
        stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
  // The whole check takes many minutes.
  CHECK(std::chrono::steady_clock::now() - begin < 1min);
  CHECK(stop.stop_requested());
  CHECK(written_since < 3);
  CHECK(files_in_destination() == 0);
}

}  // namespace
}  // namespace holdfast
