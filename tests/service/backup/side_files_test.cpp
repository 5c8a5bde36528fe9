#include "service/backup/side_files.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/platform/machine.h"
#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/folder_link.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

struct Fixture {
  TemporaryFolder folder;
  FaultyStorage storage;
  std::filesystem::path database = folder.path() / "clinic.db";

  Fixture() { make_database(database, "CREATE TABLE t(a)"); }

  void put(const std::string& name, const std::string& content = "x") {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    write_file(folder.path() / name, content);
  }
  std::vector<std::string> names(const std::vector<std::string>& include) {
    std::vector<std::string> names;
    for (const SideFile& file : side_files(storage, database, include, LetterCase::Matters)) {
      names.push_back(file.name);
    }
    return names;
  }
};

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Fixture,
                 "Side files are what the patterns name, in order, and never the database") {
  put("settings.json");
  put("images/b.png");
  put("images/2025/a.png");
  put("cache/big.bin");
  CHECK(names({"images/**", "*.json"}) ==
        Names{"images/2025/a.png", "images/b.png", "settings.json"});
  CHECK(names({"**"}) ==
        Names{"cache/big.bin", "images/2025/a.png", "images/b.png", "settings.json"});
  CHECK(names({}).empty());
}

TEST_CASE_METHOD(Fixture, "What belongs to a live database is not copied as a file") {
  put("clinic.db-journal");
  put("clinic.db-wal");
  put("vectors/index.sqlite3-shm");
  put("vectors/notes-wal");
  make_database(folder.path() / "vectors" / "index.sqlite3", "CREATE TABLE t(a)");
  CHECK(names({"**"}) == Names{"vectors/index.sqlite3", "vectors/notes-wal"});
  CHECK(side_files(storage, database, {"**"}, LetterCase::Matters).front().is_database);
}

TEST_CASE_METHOD(Fixture, "Archives are never archived, finished or not") {
  put("backups/clinic_20261120T100000Z_PC-1.zip");
  put("backups/clinic_20261120T100000Z_PC-1.safety.zip");
  put("backups/clinic_20261120T110000Z_PC-1.zip.tmp");
  put("backups/letters.zip");
  CHECK(names({"**"}) == Names{"backups/letters.zip"});
}

TEST_CASE_METHOD(Fixture, "Links are not followed") {
  const TemporaryFolder elsewhere;
  write_file(elsewhere.path() / "secret.txt", "secret");
  // A file's link only some may make, and only by some libraries.
  std::error_code no_link;
  std::filesystem::create_symlink(elsewhere.path() / "secret.txt", folder.path() / "a.txt",
                                  no_link);
  if (!make_folder_link(elsewhere.path(), folder.path() / "images")) {
    SKIP("no link to a folder can be made here");
  }
  put("b.txt");
  CHECK(names({"**"}) == Names{"b.txt"});
}

TEST_CASE_METHOD(Fixture, "A file that is gone since its folder was listed is passed over") {
  put("a.txt");
  put("b.txt");
  storage.before_open = [](const std::filesystem::path& file) {
    if (file.filename() == "a.txt") std::filesystem::remove(file);
  };
  CHECK(names({"*.txt"}) == Names{"b.txt"});
}

TEST_CASE_METHOD(Fixture, "The database is known under another spelling of its path") {
  database = folder.path() / "." / "clinic.db";
  CHECK(names({"**"}).empty());
}

TEST_CASE_METHOD(Fixture, "A manifest that somebody unpacked beside the database is no side file") {
  put("backup_manifest.json");
  put("old/backup_manifest.json");
  put("settings.json");
  CHECK(names({"**"}) == Names{"old/backup_manifest.json", "settings.json"});
}

TEST_CASE_METHOD(Fixture, "What a restore keeps is no side file, and no sidecar in another case") {
  put(".holdfast-restore-clinic.db/old/a.txt");
  put("images/.Holdfast-Restore-x.db");
  put("CLINIC.db-WAL");
  put("images/a.png");
  CHECK(names({"**"}) == Names{"images/a.png"});
}

TEST_CASE_METHOD(Fixture, "A name that no archive can have is told of before one is made") {
  std::string bad;
  std::string why;
  SECTION("a character that Windows forbids") {
    bad = "images/10:30.png";
    why = "has a character that Windows forbids in names";
  }
  SECTION("an invisible character") {
    bad = "images/a\x7F.png";
    why = "has a character that Windows forbids in names";
  }
  SECTION("names that differ in letter case only") {
    if (path_letter_case() == LetterCase::Ignored) SKIP("that is no other name here");
    put("images/A.png");
    bad = "images/a.png";
    why = "is there twice as Windows takes names";
  }
  SECTION("a file that is a folder elsewhere") {
    put("Images");
    bad = "images/a.png";
    why = "has a folder that is a file as well";
  }
  try {
    put(bad);
  } catch (const std::exception&) {
    SKIP("no such name can be made here");
  }
  CAPTURE(bad);
  try {
    names({"**"});
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::ConfigFaulty);
    CHECK(std::string(error.what()).find(why) != std::string::npos);
    CHECK(error.action() == "Rename it, or leave it out of what the dataset includes.");
  }
  CHECK(names({"*.txt"}).empty());
}

}  // namespace
}  // namespace holdfast
