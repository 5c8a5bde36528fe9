#include "service/restore/restore_preview.h"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/backup/backup_run.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Kind = FileDifference::Kind;

// A practice whose database was backed up once.
struct Practice {
  Practice() {
    std::filesystem::create_directory(data());
    make_database(database(),
                  "PRAGMA journal_mode=WAL; PRAGMA application_id=7;"
                  "CREATE TABLE patient(name TEXT); CREATE TABLE old(x);"
                  "INSERT INTO patient VALUES('a'), ('b'), ('c');");
    write_file(data() / "settings.json", "one");
    write_file(data() / "same.json", "same");
    write_file(data() / "lost.json", "lost");
    const BackupRequest request{.dataset = "emr",
                                .database = database(),
                                .destination = folder.path() / "backups",
                                .include = target.include,
                                .counts = target.counts,
                                .reason = "test",
                                .host = "PC"};
    archive = run_backup(request, storage, clock, {}, {}).archive;
  }

  std::filesystem::path data() const { return folder.path() / "data"; }
  std::filesystem::path database() const { return data() / "clinic.db"; }
  RestorePreview preview(RowCounts rows = RowCounts::No) {
    const auto source =
        open_restore_source(storage, {.archive = archive, .database = target.database});
    target.database = database();
    return restore_preview(*source, target, storage, rows);
  }

  TemporaryFolder folder;
  DiskStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  RestoreTarget target{.include = {"*.json"},
                       .counts = {{"patients", "SELECT count(*) FROM patient"}}};
  std::filesystem::path archive;
};

TEST_CASE_METHOD(Practice, "Beside what it was made from an archive differs in nothing") {
  const auto before = folder_content(data());
  const RestorePreview same = preview(RowCounts::Yes);
  CHECK(same.counts == std::vector<CountDifference>{{"patients", 3, 3}});
  CHECK(same.tables.empty());
  CHECK(same.files.empty());
  CHECK(same.foreign.empty());
  CHECK(same.live_fault.empty());
  REQUIRE(same.live);
  CHECK(same.live->bytes == same.archived.bytes);
  CHECK(same.archived.application_id == 7);
  CHECK(same.rows == std::vector<CountDifference>{{"old", 0, 0}, {"patient", 3, 3}});
  CHECK(folder_content(data()) == before);
}

TEST_CASE_METHOD(Practice, "A preview tells what a restore would change, and changes nothing") {
  const SqliteConnection application = open_database(database());
  execute(application.get(),
          "DELETE FROM patient WHERE name='a'; DROP TABLE old;"
          "CREATE TABLE recent(x); ALTER TABLE patient ADD COLUMN born TEXT;");
  write_file(data() / "settings.json", "two");
  write_file(data() / "made.json", "made");
  std::filesystem::remove(data() / "lost.json");
  // But for the marks that readers leave in the -shm.
  const auto content = [this] {
    auto files = folder_content(data());
    files.erase("clinic.db-shm");
    return files;
  };
  const auto before = content();

  const RestorePreview changed = preview(RowCounts::Yes);
  CHECK(changed.counts == std::vector<CountDifference>{{"patients", 3, 2}});
  REQUIRE(changed.tables.size() == 3);
  CHECK(changed.tables[0].table == "old");
  CHECK(changed.tables[1].columns_live == std::vector<std::string>{"born TEXT"});
  CHECK(changed.tables[2].table == "recent");
  CHECK(changed.files == std::vector<FileDifference>{{"lost.json", Kind::ComesBack},
                                                     {"made.json", Kind::GoesAway},
                                                     {"settings.json", Kind::Changes}});
  CHECK(changed.rows ==
        std::vector<CountDifference>{{"old", 0, {}}, {"patient", 3, 2}, {"recent", {}, 0}});
  CHECK(content() == before);
}

TEST_CASE_METHOD(Practice, "What cannot be read here is told, and the archive all the same") {
  SECTION("there is no database") {
    std::filesystem::remove(database());
  }
  SECTION("it is none") {
    write_file(database(), std::string(5000, 'x'));
  }
  SECTION("it is empty") {
    write_file(database(), "");
  }
  SECTION("its folder is gone") {
    std::filesystem::remove_all(data());
  }
  const RestorePreview preview = this->preview();
  CHECK_FALSE(preview.live);
  CHECK_FALSE(preview.live_fault.empty());
  CHECK(preview.counts == std::vector<CountDifference>{{"patients", 3, {}}});
  CHECK(preview.archived.tables.contains("patient"));
  CHECK(preview.tables.empty());
}

TEST_CASE_METHOD(Practice, "A count that fails here is told, and the rest is compared") {
  target.counts = {{"patients", "SELECT count(*) FROM patient"}, {"bad", "SELECT no FROM no"}};
  const RestorePreview preview = this->preview();
  CHECK(preview.live);
  CHECK(preview.live_fault.find("bad") != std::string::npos);
  CHECK(preview.counts == std::vector<CountDifference>{{"patients", 3, 3}});
}

TEST_CASE_METHOD(Practice, "An archive of another application's database is told to be foreign") {
  execute(open_database(database()).get(), "PRAGMA application_id=8");
  CHECK(preview().foreign.find("application id 7") != std::string::npos);
}

TEST_CASE_METHOD(Practice, "A table that only its application can open is compared by its name") {
  const SqliteConnection application = open_database(database());
  execute(application.get(),
          "PRAGMA writable_schema=ON; INSERT INTO sqlite_schema VALUES"
          "('table', 'strange', 'strange', 0, 'CREATE VIRTUAL TABLE strange USING unknown(x)')");
  const RestorePreview preview = this->preview(RowCounts::Yes);
  REQUIRE(preview.tables.size() == 1);
  CHECK(preview.tables[0].table == "strange");
  CHECK(preview.rows.size() == 2);
}

}  // namespace
}  // namespace holdfast
