#include "service/archive/set_aside_copies.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using enum ConflictCopy::IfSame;

const std::string kArchive = "emr_20261120T100000Z_PC.zip";
const std::string kCopy = "emr_20261120T100000Z_PC-LAPTOP.zip";
const std::string kOther = "emr_20261120T100000Z_PC-LAPTOP-2.zip";

struct Fixture {
  TemporaryFolder folder;
  FaultyStorage storage;

  Fixture() {
    put(kArchive, "the archive");
    put(kCopy, "the archive");
    put(kOther, "another one");
  }

  void put(const std::string& name, const std::string& content) const {
    write_file(folder.path() / name, content);
  }
  std::string content(const std::string& name) const { return file_content(folder.path() / name); }
  std::filesystem::path aside() const { return folder.path() / kConflictsFolder; }

  ComparedCopies compare(const std::vector<ConflictCopy>& copies) {
    return set_aside_copies(storage, folder.path(), copies, {});
  }
};

TEST_CASE_METHOD(Fixture, "A copy that is the same is set aside, one that is not stays") {
  const ComparedCopies outcome =
      compare({{kCopy, kArchive, IsSetAside}, {kOther, kArchive, IsSetAside}});
  CHECK_FALSE(outcome.failure);
  REQUIRE(outcome.compared.size() == 2);
  CHECK(outcome.compared[0].is_same);
  CHECK(outcome.compared[0].is_aside);
  CHECK(outcome.compared[0].copy_hash == outcome.compared[0].original_hash);
  CHECK_FALSE(outcome.compared[1].is_same);
  CHECK_FALSE(outcome.compared[1].is_aside);
  CHECK(outcome.compared[1].copy_hash != outcome.compared[1].original_hash);
  CHECK_FALSE(std::filesystem::exists(folder.path() / kCopy));
  CHECK(file_content(aside() / kCopy) == "the archive");
  CHECK(content(kArchive) == "the archive");
  CHECK(content(kOther) == "another one");
}

TEST_CASE_METHOD(Fixture, "A copy that is only to be compared stays, whatever it is") {
  const ComparedCopies outcome = compare({{kCopy, kArchive, Stays}});
  REQUIRE(outcome.compared.size() == 1);
  CHECK(outcome.compared[0].is_same);
  CHECK_FALSE(outcome.compared[0].is_aside);
  CHECK(content(kCopy) == "the archive");
  CHECK_FALSE(std::filesystem::exists(aside()));
}

TEST_CASE_METHOD(Fixture, "Setting a copy aside never replaces one that was set aside before") {
  std::filesystem::create_directories(aside());
  write_file(aside() / kCopy, "earlier");
  CHECK(compare({{kCopy, kArchive, IsSetAside}}).compared.at(0).is_aside);
  CHECK(file_content(aside() / kCopy) == "earlier");
  CHECK(file_content(aside() / "emr_20261120T100000Z_PC-LAPTOP (2).zip") == "the archive");
}

TEST_CASE_METHOD(Fixture, "What is in the cloud only, or gone, is not compared and not opened") {
  storage.before_open = [](const std::filesystem::path&) { FAIL("It was opened."); };
  storage.only_in_cloud = {kArchive};
  CHECK(compare({{kCopy, kArchive, IsSetAside}}).compared.empty());
  storage.only_in_cloud = {kCopy};
  CHECK(compare({{kCopy, kArchive, IsSetAside}}).compared.empty());
  CHECK(compare({{kOther, "gone.zip", IsSetAside}}).compared.empty());
  CHECK(compare({{"gone-2.zip", kArchive, IsSetAside}}).compared.empty());
}

TEST_CASE_METHOD(Fixture, "What stands in the way of one copy keeps no other from being compared") {
  put("conflicts", "a file of this name");
  const ComparedCopies blocked =
      compare({{kCopy, kArchive, IsSetAside}, {kOther, kArchive, IsSetAside}});
  REQUIRE(blocked.failure);
  CHECK(blocked.failure->code() == ErrorCode::AlreadyExists);
  CHECK(blocked.compared.size() == 2);
  CHECK_FALSE(blocked.compared[0].is_aside);
  CHECK(content(kCopy) == "the archive");

  std::filesystem::remove(folder.path() / "conflicts");
  storage.before_open = [](const std::filesystem::path& file) {
    if (file.filename() == kCopy) throw Error(ErrorCode::AccessDenied, "Not now.", "");
  };
  const ComparedCopies unread =
      compare({{kCopy, kArchive, IsSetAside}, {kOther, kArchive, IsSetAside}});
  CHECK(unread.failure);
  CHECK(unread.compared.size() == 1);
}

TEST_CASE_METHOD(Fixture, "A link called like the subfolder leads no copy elsewhere") {
  std::filesystem::create_directories(folder.path() / "elsewhere");
  std::error_code cannot;
  std::filesystem::create_directory_symlink(folder.path() / "elsewhere", aside(), cannot);
  if (cannot) SKIP("Links cannot be made here: " + cannot.message());
  CHECK(compare({{kCopy, kArchive, IsSetAside}}).failure);
  CHECK(content(kCopy) == "the archive");
}

TEST_CASE_METHOD(Fixture, "A comparison of copies ends when it is asked to") {
  std::stop_source stop;
  stop.request_stop();
  const std::vector<ConflictCopy> copies{{kCopy, kArchive, IsSetAside}};
  CHECK_THROWS_AS(set_aside_copies(storage, folder.path(), copies, stop.get_token()), Error);
  CHECK(content(kCopy) == "the archive");
}

}  // namespace
}  // namespace holdfast
