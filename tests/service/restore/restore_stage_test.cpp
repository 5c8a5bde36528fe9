#include "service/restore/restore_stage.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
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

TEST_CASE_METHOD(Stage, "What was made since in the place of a file is kept with what was there") {
  const RestoreJournal journal = swapping();
  stage.write(journal);
  stage.move_out(journal);
  write_file(home() / "images" / "b.png", "made since");
  CHECK(recover_restore(storage, home() / "clinic.db") == Recovery::Finished);
  CHECK(images() == std::map<std::string, std::string>{{"b.png", "new b"}});
  CHECK(file_content(home() / "kept" / "images" / "b.png") == "old b");
  CHECK(file_content(home() / "kept" / "made-since" / "images" / "b.png") == "made since");
  CHECK_FALSE(stage.exists());
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
