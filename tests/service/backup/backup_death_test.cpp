#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/clock.h"
#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/list_archives.h"
#include "service/archive/verify_archive.h"
#include "service/backup/backup_run.h"
#include "tests/support/child_process.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

using Files = std::map<std::string, std::string>;

struct Clinic {
  TemporaryFolder source;
  TemporaryFolder destination;
  DiskStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  std::filesystem::path database = source.path() / "clinic.db";

  explicit Clinic(const std::string& journal) {
    make_database(database,
                  "PRAGMA journal_mode=" + journal +
                      "; CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT);"
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
                      "INSERT INTO visit SELECT i, hex(randomblob(100)) FROM n;");
    std::filesystem::create_directories(source.path() / "images");
    write_file(source.path() / "images" / "a.png", std::string(2'500'000, 'a'));
    make_database(source.path() / "images" / "index.db", "CREATE TABLE image (a)");
  }

  BackupResult back_up() {
    clock.advance(1min);
    return run_backup({.dataset = "clinic",
                       .database = database,
                       .destination = destination.path(),
                       .include = {"images/**"},
                       .reason = "test",
                       .host = "PC-1",
                       .user = "ann"},
                      storage, clock, {}, {});
  }

  // The step before which the process died, or "survived".
  std::string back_up_dying_at(int step) {
    clock.advance(1min);
    ChildProcess process("dying_backup");
    process.write_line(path_text(database));
    process.write_line(path_text(destination.path()));
    process.write_line(utc_text(clock.now()));
    process.write_line(std::to_string(step));
    const std::string name = process.read_line();
    const bool has_ended_well = process.finish() == 0;
    // What code the dead have depends on the system.
    if (name == "survived") CHECK(has_ended_well);
    return name;
  }

  // An earlier crash has left this; the first thing that a backup does is to sweep it.
  void leave_unfinished() const {
    write_file(destination.path() / "clinic_20261119T100000Z_PC-1.zip.tmp", "half");
  }

  Files stored() const { return folder_content(destination.path()); }

  // The files that are not among `before`; those that are must be as they were.
  std::vector<std::string> added_since(const Files& before) const {
    const Files after = stored();
    std::vector<std::string> added;
    for (const auto& [name, content] : after) {
      if (!before.contains(name)) added.push_back(name);
    }
    for (const auto& [name, content] : before) {
      CAPTURE(name);
      REQUIRE(after.contains(name));
      CHECK((after.at(name) == content));
    }
    return added;
  }

  void check_archive(const std::string& name) {
    CAPTURE(name);
    const ArchiveReader archive(storage, destination.path() / name);
    CHECK(archive.entries().size() == 3);
    CHECK(verify_archive(archive).is_good());
  }
};

TEST_CASE("A backup that is killed at any step leaves whole archives, and the next one sweeps up") {
  const std::string journal = GENERATE("WAL", "DELETE");
  Clinic clinic(journal);
  clinic.back_up();
  const std::string database = file_content(clinic.database);
  std::set<std::string> died_before;
  for (int step = 1; !died_before.contains("survived"); ++step) {
    REQUIRE(step < 100);
    const Files before = clinic.stored();
    clinic.leave_unfinished();
    const std::string name = clinic.back_up_dying_at(step);
    CAPTURE(journal, step, name);
    REQUIRE_FALSE(name.empty());
    died_before.insert(name);

    // Only a folder that was not flushed, or nothing at all, comes after the archive has its name.
    std::size_t unfinished = 0;
    std::size_t archives = 0;
    for (const std::string& added : clinic.added_since(before)) {
      const bool is_archive = added.ends_with(".zip");
      CHECK((is_archive || added.ends_with(".zip.tmp")));
      ++(is_archive ? archives : unfinished);
      if (is_archive) clinic.check_archive(added);
    }
    const bool published = name == "flush folder" || name == "survived";
    CHECK(archives == (published ? 1 : 0));
    CHECK(unfinished == (published || name == "create" ? 0 : 1));
    for (const ListedArchive& listed : list_archives(clinic.storage, clinic.destination.path())) {
      CHECK(listed.fault.empty());
    }

    const BackupResult next = clinic.back_up();
    clinic.check_archive(path_text(next.archive.filename()));
    for (const auto& [file, content] : clinic.stored()) CHECK(file.ends_with(".zip"));
    CHECK(clinic.added_since(before).size() == archives + 1);
    CHECK((file_content(clinic.database) == database));
  }
  CHECK(died_before == std::set<std::string>{"create", "flush", "flush folder", "remove", "rename",
                                             "survived", "write"});
}

}  // namespace
}  // namespace holdfast
