#include "service/restore/restore_stage.h"

#include <span>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "service/restore/database_page.h"
#include "service/restore/restore_recovery.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Phase = RestoreJournal::Phase;
using Way = RestoreJournal::Way;

RestoreJournal swapping() {
  return {.phase = Phase::Swapping,
          .way = Way::Files,
          .witnesses = {{.number = 7, .before = 18446744073709551615U, .restored = 1}},
          .moved_out = {"a.txt", "images/b.png"},
          .moved_in = {"images/b.png", "c.txt"},
          .set_aside = "kept"};
}

struct Stage {
  Stage() {
    std::filesystem::create_directories(home() / "images");
    std::filesystem::create_directories(stage.fresh() / "images");
    write_file(home() / "a.txt", "old a");
    write_file(home() / "images" / "b.png", "old b");
    write_file(stage.fresh() / "images" / "b.png", "new b");
    write_file(stage.fresh() / "c.txt", "new c");
  }
  std::filesystem::path home() const { return folder.path(); }
  std::map<std::string, std::string> images() const { return folder_content(home() / "images"); }

  TemporaryFolder folder;
  DiskStorage storage;
  RestoreStage stage{storage, folder.path() / "clinic.db"};
};

TEST_CASE("A restore's journal is read as it was written, and nothing else is taken for one") {
  CHECK(journal_from(journal_text(swapping())) == swapping());
  CHECK(journal_from(journal_text({})) == RestoreJournal());
  std::string newer = journal_text({});
  newer.replace(newer.find("\"format\":1"), 10, "\"format\":2");
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[]"), newer,
                                 journal_text(swapping()).substr(0, 40)}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(journal_from(bad), Error);
  }
}

TEST_CASE_METHOD(Stage, "What is moved can be moved again, and back, from wherever it was left") {
  const RestoreJournal journal = swapping();
  stage.write(journal);
  CHECK(stage.journal() == journal);
  for (int i = 0; i < 2; ++i) {
    stage.move_out(journal);
    stage.move_in(journal);
    CHECK_FALSE(std::filesystem::exists(home() / "a.txt"));
    CHECK(images() == std::map<std::string, std::string>{{"b.png", "new b"}});
    CHECK(file_content(home() / "c.txt") == "new c");
  }
  for (int i = 0; i < 2; ++i) {
    stage.move_back(journal);
    CHECK(file_content(home() / "a.txt") == "old a");
    CHECK(images() == std::map<std::string, std::string>{{"b.png", "old b"}});
    CHECK_FALSE(std::filesystem::exists(home() / "c.txt"));
  }
}

TEST_CASE_METHOD(Stage, "What was made since in the place of a file is kept aside") {
  const RestoreJournal journal = swapping();
  stage.write(journal);
  stage.move_out(journal);
  write_file(home() / "images" / "b.png", "made since");
  CHECK(recover_restore(storage, home() / "clinic.db") == Recovery::Finished);
  CHECK(images() == std::map<std::string, std::string>{{"b.png", "new b"}});
  CHECK(file_content(home() / "kept" / "images" / "b.png") == "old b");
  CHECK(file_content(home() / "clinic.db.made-since" / "images" / "b.png") == "made since");
  CHECK_FALSE(stage.exists());
}

// A restore of a database with another beside it that was broken off, and an application that went
// on since.
struct BrokenOff : Stage {
  BrokenOff() {
    make_database(home() / "clinic.db", "CREATE TABLE t(a)");
    write_file(home() / "index.db", "old index");
    write_file(home() / "index.db-wal", "old wal");
    write_file(stage.fresh() / "index.db", "new index");
  }

  // Of which the database itself says whether it was restored.
  RestoreJournal journal(bool is_restored) const {
    const std::string page = file_content(home() / "clinic.db").substr(0, 4096);
    const std::uint64_t hash = page_hash(1, std::as_bytes(std::span(page)));
    return {.phase = Phase::Swapping,
            .way = Way::Transaction,
            .witnesses = {{.number = 1,
                           .before = is_restored ? 0 : hash,
                           .restored = is_restored ? hash : 0}},
            .moved_out = {"a.txt", "index.db", "index.db-wal"},
            .moved_in = {"c.txt", "index.db"}};
  }
  void application_goes_on() const {
    for (const char* name : {"a.txt", "c.txt", "index.db", "index.db-wal", "index.db-journal"}) {
      write_file(home() / name, std::string("made since: ") + name);
    }
  }
  Recovery recover() {
    return recover_restore(storage, home() / "clinic.db",
                           [this](const std::filesystem::path& told) { kept = told; });
  }
  std::string kept_content(const char* name) const {
    CAPTURE(name);
    return file_content(kept / name);
  }

  std::filesystem::path kept;
};

TEST_CASE_METHOD(BrokenOff,
                 "What an application made since the crash, its WAL too, is kept aside, and "
                 "recovery comes to its end either way") {
  const bool is_restored = GENERATE(true, false);
  const bool has_begun_to_move_in = GENERATE(true, false);
  CAPTURE(is_restored, has_begun_to_move_in);
  const RestoreJournal broken_off = journal(is_restored);
  stage.write(broken_off);
  stage.move_out(broken_off);
  if (has_begun_to_move_in) {
    std::filesystem::rename(stage.fresh() / "index.db", home() / "index.db");
    write_file(home() / "index.db-wal", "made since: index.db-wal");
    write_file(home() / "a.txt", "made since: a.txt");
    write_file(home() / "c.txt", "made since: c.txt");
  } else {
    application_goes_on();
  }

  CHECK(recover() == (is_restored ? Recovery::Finished : Recovery::RolledBack));
  CHECK_FALSE(stage.exists());
  CHECK(recover() == Recovery::Nothing);
  if (is_restored) {
    CHECK(file_content(home() / "c.txt") == "new c");
    CHECK(file_content(home() / "index.db") == "new index");
    CHECK(kept_content("c.txt") == "made since: c.txt");
    // What came in before is the application's by now, with what it has written to it since.
    CHECK(std::filesystem::exists(home() / "index.db-wal") == has_begun_to_move_in);
  } else {
    CHECK(file_content(home() / "a.txt") == "old a");
    CHECK(file_content(home() / "index.db") == "old index");
    CHECK(file_content(home() / "index.db-wal") == "old wal");
    CHECK_FALSE(std::filesystem::exists(home() / "index.db-journal"));
    CHECK(kept_content("a.txt") == "made since: a.txt");
    CHECK(kept_content("index.db-wal") == "made since: index.db-wal");
  }
  if (!has_begun_to_move_in) {
    CHECK_FALSE(std::filesystem::exists(home() / "index.db-journal"));
    for (const char* name : {"index.db", "index.db-wal", "index.db-journal"}) {
      CHECK(kept_content(name) == std::string("made since: ") + name);
    }
  }
}

TEST_CASE_METHOD(BrokenOff, "What was kept aside after one crash is not touched after another") {
  std::filesystem::create_directories(home() / "clinic.db.made-since");
  write_file(home() / "clinic.db.made-since" / "index.db", "made after another crash");
  const RestoreJournal broken_off = journal(true);
  stage.write(broken_off);
  stage.move_out(broken_off);
  application_goes_on();
  CHECK(recover() == Recovery::Finished);
  CHECK(kept == home() / "clinic.db.made-since.2");
  CHECK(kept_content("index.db") == "made since: index.db");
  CHECK(file_content(home() / "clinic.db.made-since" / "index.db") == "made after another crash");
}

TEST_CASE_METHOD(BrokenOff,
                 "What an application made of a database that is still to go goes along") {
  const RestoreJournal broken_off{.phase = Phase::Swapping,
                                  .way = Way::Files,
                                  .moved_out = {"index.db"},
                                  .moved_in = {"index.db"},
                                  .set_aside = "kept"};
  stage.write(broken_off);
  CHECK(recover() == Recovery::Finished);
  CHECK(file_content(home() / "index.db") == "new index");
  CHECK_FALSE(std::filesystem::exists(home() / "index.db-wal"));
  CHECK(file_content(home() / "kept" / "index.db") == "old index");
  CHECK(file_content(home() / "kept" / "index.db-wal") == "old wal");
  CHECK(kept.empty());
}

TEST_CASE_METHOD(Stage,
                 "What was only staged is thrown away, and a record that cannot be read is not") {
  Recovery told = Recovery::Nothing;
  SECTION("nothing was written yet") {}
  SECTION("nothing was touched yet") {
    stage.write({});
    told = Recovery::RolledBack;
  }
  SECTION("the record is gone, and what was there before is not") {
    std::filesystem::create_directories(stage.old());
    write_file(stage.old() / "a.txt", "the only one");
    CHECK_THROWS_AS(recover_restore(storage, home() / "clinic.db"), Error);
    CHECK(file_content(stage.old() / "a.txt") == "the only one");
    return;
  }
  SECTION("the record is garbage") {
    write_file(stage.folder() / "journal.json", "garbage");
    CHECK_THROWS_AS(recover_restore(storage, home() / "clinic.db"), Error);
    CHECK(file_content(stage.fresh() / "c.txt") == "new c");
    return;
  }
  CHECK(recover_restore(storage, home() / "clinic.db") == told);
  CHECK_FALSE(stage.exists());
  CHECK(file_content(home() / "a.txt") == "old a");
  CHECK(recover_restore(storage, home() / "clinic.db") == Recovery::Nothing);
}

TEST_CASE("A journal that would lead out of the database's folder is not followed") {
  for (const char* name : {"../a.txt", "/etc/passwd", "C:/a.txt", "a/../../b", "..", ""}) {
    CAPTURE(name);
    CHECK_THROWS_AS(journal_from(journal_text({.moved_out = {name}})), Error);
    CHECK_THROWS_AS(journal_from(journal_text({.moved_in = {name}})), Error);
    if (*name != '\0') CHECK_THROWS_AS(journal_from(journal_text({.set_aside = name})), Error);
  }
}

TEST_CASE_METHOD(Stage, "A restore that is under way is left alone by every other") {
  std::filesystem::remove_all(stage.folder());
  stage.begin();
  stage.write(swapping());
  RestoreStage other(storage, home() / "clinic.db");
  CHECK_THROWS_AS(other.begin(), Error);
  CHECK_THROWS_AS(recover_restore(storage, home() / "clinic.db"), Error);
  CHECK(stage.journal() == swapping());
  stage.finish({});
  CHECK_FALSE(stage.exists());
  other.begin();
  other.finish({});
}

}  // namespace
}  // namespace holdfast
