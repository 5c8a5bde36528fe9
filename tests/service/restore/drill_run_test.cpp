#include "service/restore/drill_run.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/restore/scratch_folder.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/restored_practice.h"

namespace holdfast {
namespace {

// A practice whose archive is drilled.
struct DrilledPractice {
  explicit DrilledPractice(const std::string& journal_mode = "WAL") : practice(journal_mode) {
    request = {.archive = practice.archive,
               .scratch = practice.folder.path() / "service" / "drills",
               .counts = practice.request.target.counts};
  }

  DrillResult drill(const std::stop_token& stop = {}, const ArchiveProgress& progress = {}) {
    return run_drill(request, practice.storage, progress, stop);
  }

  Error failure() {
    try {
      drill();
    } catch (const Error& error) {
      return error;
    }
    FAIL("It was restored.");
    return {ErrorCode::Internal, "", ""};
  }

  bool has_left_nothing() const { return std::filesystem::is_empty(request.scratch); }

  RestoredPractice practice;
  DrillRequest request;
};

// An archive whose bytes are all as its manifest says.
std::filesystem::path crafted(const std::filesystem::path& folder, const std::string& database,
                              const std::string& side_database) {
  CraftedArchive archive = small_archive();
  archive.manifest.counts.clear();
  archive.entries[0].content = database;
  archive.entries[0].page_size = 4096;
  archive.entries.push_back({.name = "images/index.db",
                             .content = side_database,
                             .kind = ManifestEntry::Kind::Database,
                             .page_size = 4096});
  const std::filesystem::path path = folder / "clinic_20261120T104353Z_RECEPTION.zip";
  write_file(path, archive.bytes());
  return path;
}

std::string database_content(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "content.db";
  make_database(path,
                "CREATE TABLE visit (id INTEGER PRIMARY KEY, note TEXT); CREATE INDEX n ON "
                "visit(note); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                "i < 300) INSERT INTO visit SELECT i, hex(randomblob(50)) FROM n;");
  return file_content(path);
}

TEST_CASE("A drill restores everything in an archive, and leaves nothing of it") {
  DrilledPractice drilled(GENERATE("WAL", "DELETE"));
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  const DrillResult result = drilled.drill({}, [&](std::uint64_t done, std::uint64_t of) {
    CHECK(done >= last);
    last = done;
    total = of;
  });
  CHECK(result.manifest.entries.size() == 5);
  CHECK(result.manifest.counts.at("visits") == 300);
  std::uint64_t bytes = 0;
  for (const ManifestEntry& entry : result.manifest.entries) bytes += entry.size;
  CHECK(result.bytes == bytes);
  CHECK(last == 2 * bytes);
  CHECK(total == 2 * bytes);
  CHECK(drilled.has_left_nothing());
  CHECK(drilled.practice.state() == drilled.practice.before);
}

TEST_CASE("A drill finds a bit of the archive that is not as it was") {
  DrilledPractice drilled;
  std::string bytes = file_content(drilled.request.archive);
  bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 4);
  write_file(drilled.request.archive, bytes);
  CHECK(drilled.failure().code() == ErrorCode::ArchiveDamaged);
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A drill finds what the disk does not give back as it was written") {
  DrilledPractice drilled;
  const std::string name = GENERATE("clinic.db", "settings.json", "images/index.db");
  bool is_changed = false;
  drilled.practice.storage.before_open = [&](const std::filesystem::path& file) {
    if (is_changed || !path_text(file.generic_string()).ends_with(name)) return;
    is_changed = true;
    std::string content = file_content(file);
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 1);
    write_file(file, content);
  };
  const Error failure = drilled.failure();
  CHECK(is_changed);
  CHECK(failure.code() == ErrorCode::ArchiveDamaged);
  CHECK(std::string(failure.what()) ==
        "The archive " + path_text(drilled.request.archive.filename()) + " cannot be restored: " +
            name + " was not what was backed up when it was read back from the disk.");
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A drill finds counts that are not what was counted") {
  DrilledPractice drilled;
  // Whatever it has counted, it will never count that again.
  drilled.practice.request.target.counts = {
      {"visits", "SELECT abs(random() % 1000000000000000000)"}};
  drilled.request.archive = drilled.practice.back_up();
  drilled.request.counts = drilled.practice.request.target.counts;
  const Error failure = drilled.failure();
  CHECK(failure.code() == ErrorCode::ArchiveDamaged);
  const std::string told = failure.what();
  CHECK(told.find("cannot be restored: it should have ") != std::string::npos);
  CHECK(told.find(" visits and has ") != std::string::npos);
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A drill counts only what was counted by the same query then") {
  DrilledPractice drilled;
  drilled.request.counts = {{"visits", "SELECT count(*) - 1 FROM visit"},
                            {"later", "SELECT count(*) FROM no_table_of_then"}};
  CHECK(drilled.drill().manifest.counts.at("visits") == 300);
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A drill finds a database that was damaged before it was archived") {
  DrilledPractice drilled;
  const std::string good = database_content(drilled.practice.folder.path());
  std::string bad = good;
  bad.replace(2 * 4096, 4096, std::string(4096, 'x'));
  std::string none(8192, 'x');
  const std::filesystem::path& folder = drilled.practice.folder.path();
  drilled.request.counts.clear();

  drilled.request.archive = crafted(folder, good, good);
  CHECK(drilled.drill().bytes > 2 * good.size());

  drilled.request.archive = crafted(folder, bad, good);
  CHECK(std::string(drilled.failure().what())
            .starts_with("The archive clinic_20261120T104353Z_RECEPTION.zip cannot be restored: "
                         "clinic.db in it is damaged: "));
  drilled.request.archive = crafted(folder, good, bad);
  CHECK(drilled.failure().code() == ErrorCode::ArchiveDamaged);
  drilled.request.archive = crafted(folder, good, none);
  CHECK(std::string(drilled.failure().what())
            .ends_with("images/index.db in it is no database that can be read."));
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A drill does not begin where it would fill the disk") {
  DrilledPractice drilled;
  drilled.practice.storage.most_free_bytes = std::uint64_t{100} << 20;
  bool has_written = false;
  drilled.practice.storage.before = [&](const std::string& step) {
    has_written |= step == "write";
  };
  const Error failure = drilled.failure();
  CHECK(failure.code() == ErrorCode::DiskFull);
  CHECK(std::string(failure.what()).ends_with(", and there are 105 MB."));
  CHECK_FALSE(has_written);
  CHECK(drilled.has_left_nothing());
}

TEST_CASE("A disk that fails at any step of a drill is told, and nothing is left") {
  DrilledPractice drilled;
  bool has_failed = true;
  for (int last = 1; has_failed; ++last) {
    CAPTURE(last);
    REQUIRE(last < 100);
    int step = 0;
    drilled.practice.storage.before = [&](const std::string& name) {
      if (name != "remove" && ++step == last) {
        throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some.");
      }
    };
    has_failed = false;
    try {
      drilled.drill();
    } catch (const Error& error) {
      has_failed = true;
      CHECK(error.code() == ErrorCode::DiskFull);
    }
    CHECK(drilled.has_left_nothing());
  }
}

TEST_CASE("A drill that is cancelled at any moment leaves nothing") {
  DrilledPractice drilled;
  int told = 0;
  drilled.drill({}, [&](std::uint64_t, std::uint64_t) { ++told; });
  REQUIRE(told > 5);
  for (int last = 1; last <= told; ++last) {
    std::stop_source stop;
    int now = 0;
    try {
      drilled.drill(stop.get_token(), [&](std::uint64_t, std::uint64_t) {
        if (++now == last) stop.request_stop();
      });
      FAIL("It was restored.");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::Cancelled);
    }
    CHECK(drilled.has_left_nothing());
  }
}

TEST_CASE("What a drill that was killed has left goes away at the next, and nothing else") {
  DrilledPractice drilled;
  const std::filesystem::path& place = drilled.request.scratch;
  const std::filesystem::path left = place / "holdfast-scratch-1";
  std::filesystem::create_directories(left / "images");
  write_file(left / "clinic.db", "left");
  write_file(left / "images" / "a.png", "left");
  write_file(place / "holdfast-scratch-1.lock", "");
  write_file(place / "holdfast-scratch-2.lock", "");
  write_file(place / "holdfast-scratch-notes", "mine");
  std::filesystem::create_directories(place / "holdfast-scratch-mine");
  const ScratchFolder in_use(drilled.practice.storage, place);
  write_file(in_use.path() / "b.txt", "in use");
  CHECK(drilled.drill().bytes > 0);
  CHECK(file_content(in_use.path() / "b.txt") == "in use");
  CHECK_FALSE(std::filesystem::exists(place / "holdfast-scratch-2.lock"));
  CHECK(std::filesystem::exists(place / "holdfast-scratch-mine"));
  CHECK(file_content(place / "holdfast-scratch-notes") == "mine");
}

TEST_CASE("A drill that removes what another has left never follows a link") {
  DrilledPractice drilled;
  const std::filesystem::path& place = drilled.request.scratch;
  const std::filesystem::path mine = drilled.practice.folder.path() / "mine";
  std::filesystem::create_directories(mine);
  write_file(mine / "records.txt", "mine");
  std::filesystem::create_directories(place / "holdfast-scratch-1");
  std::error_code refused;
  std::filesystem::create_directory_symlink(mine, place / "holdfast-scratch-1" / "data", refused);
  std::filesystem::create_directory_symlink(mine, place / "holdfast-scratch-2", refused);
  if (refused) SKIP("This user may not make links.");
  CHECK(drilled.drill().bytes > 0);
  CHECK(file_content(mine / "records.txt") == "mine");
  CHECK(std::filesystem::is_symlink(place / "holdfast-scratch-2"));
}

}  // namespace
}  // namespace holdfast
