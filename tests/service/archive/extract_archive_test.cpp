#include "service/archive/extract_archive.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "service/platform/machine.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/folder_link.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

namespace fs = std::filesystem;

struct Given {
  explicit Given(const CraftedArchive& crafted = small_archive())
      : bytes(crafted.bytes()), archive(bytes, "clinic.zip") {}

  OneFileStorage bytes;
  ArchiveReader archive;
  TemporaryFolder folder;
  fs::path target = folder.path() / text_path("new/m\xC3\xA4rz");
  FaultyStorage disk;
};

std::size_t count_below(const fs::path& folder) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::recursive_directory_iterator(folder)) ++count;
  return count;
}

ErrorCode extraction_error(Given& given) {
  try {
    extract_archive(given.archive, given.disk, given.target);
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  FAIL("it was extracted");
  return ErrorCode::Internal;
}

TEST_CASE("An archive is extracted into a folder that is made for it") {
  CraftedArchive crafted = small_archive();
  crafted.entries.push_back(
      {.name = "large.txt", .content = std::string(2 * kBlockBytes + 7, 'x')});
  crafted.entries.push_back({.name = "empty.txt"});
  Given given(crafted);
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  extract_archive(given.archive, given.disk, given.target,
                  [&](std::uint64_t now, std::uint64_t all) {
                    done = now;
                    total = all;
                  });
  for (const CraftedEntry& entry : crafted.entries) {
    CAPTURE(entry.name);
    CHECK(file_content(given.target / text_path(entry.name)) == entry.content);
  }
  CHECK(done == total);
  CHECK(count_below(given.target) == 5 + 2);
}

TEST_CASE("An extraction replaces nothing and leaves what was there alone") {
  Given given;
  fs::create_directories(given.target);
  write_file(given.target / "settings.json", "mine");
  CHECK(extraction_error(given) == ErrorCode::AlreadyExists);
  CHECK(file_content(given.target / "settings.json") == "mine");
  CHECK(count_below(given.target) == 1);
}

TEST_CASE("A file where an extraction needs a folder is left alone") {
  Given given;
  fs::create_directories(given.target);
  write_file(given.target / "prescriptions", "mine");
  CHECK(extraction_error(given) == ErrorCode::AlreadyExists);
  CHECK(count_below(given.target) == 1);
}

TEST_CASE("An extraction adds to folders that are there") {
  Given given;
  const bool is_one = path_letter_case() == LetterCase::Ignored;
  const char* const name = GENERATE("prescriptions", "Prescriptions");
  if (!is_one && name[0] == 'P') SKIP("that is another name here");
  fs::create_directories(given.target / name);
  write_file(given.target / "prescriptions" / "2.txt", "mine");
  extract_archive(given.archive, given.disk, given.target);
  CHECK(count_below(given.target) == 6);
}

TEST_CASE("An extraction does not follow a link below its folder") {
  Given given;
  fs::create_directories(given.target);
  fs::create_directories(given.folder.path() / "elsewhere");
  fs::path link = given.target / "prescriptions";
  SECTION("of the folder's name") {}
  SECTION("of the folder's name in another letter case") {
    if (path_letter_case() == LetterCase::Matters) SKIP("that is another name here");
    link = given.target / "Prescriptions";
  }
  if (!make_folder_link(given.folder.path() / "elsewhere", link)) {
    SKIP("no link to a folder can be made here");
  }
  CHECK(extraction_error(given) == ErrorCode::AlreadyExists);
  CHECK(count_below(given.folder.path() / "elsewhere") == 0);
  CHECK(count_below(given.target) == 1);
}

TEST_CASE("What a killed extraction left behind is in nobody's way") {
  Given given;
  fs::create_directories(given.target);
  write_file(given.target / "settings.json.tmp-holdfast", "left");
  extract_archive(given.archive, given.disk, given.target);
  CHECK(file_content(given.target / "settings.json.tmp-holdfast") == "left");
  CHECK(file_content(given.target / "settings.json") == "{\"theme\": \"calm\"}");
}

TEST_CASE("Wherever an extraction fails, nothing of it is left") {
  for (int steps = 0;; ++steps) {
    CAPTURE(steps);
    Given given;
    given.disk.before = [left = steps](const std::string&) mutable {
      if (left-- == 0) throw Error(ErrorCode::DiskFull, "The disk is full.", "");
    };
    try {
      extract_archive(given.archive, given.disk, given.target);
      CHECK(steps > 10);
      break;
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::DiskFull);
    }
    CHECK(count_below(given.folder.path()) == 0);
  }
}

TEST_CASE("An extraction that cannot fit is not begun") {
  CraftedArchive crafted = small_archive();
  crafted.entries.pop_back();
  Given given(crafted);
  try {
    extract_archive(given.archive, given.bytes, given.folder.path());
    FAIL("it was extracted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::DiskFull);
  }
  CHECK(count_below(given.folder.path()) == 0);
}

TEST_CASE("A content that is not what was backed up is not extracted") {
  CraftedArchive crafted = small_archive();
  Manifest manifest = crafted.manifest;
  for (const CraftedEntry& entry : crafted.entries)
    manifest.entries.push_back(manifest_entry(entry));
  manifest.entries[2].xxh3 = std::string(32, '0');
  crafted.manifest_text = manifest_text(manifest);
  Given given(crafted);
  CHECK(extraction_error(given) == ErrorCode::ArchiveDamaged);
  CHECK(count_below(given.folder.path()) == 0);
}

TEST_CASE("A cancelled extraction leaves nothing") {
  Given given;
  std::stop_source stop;
  CHECK_THROWS_AS(extract_archive(
                      given.archive, given.disk, given.target,
                      [&](std::uint64_t, std::uint64_t) { stop.request_stop(); }, stop.get_token()),
                  Error);
  CHECK(count_below(given.folder.path()) == 0);
}

TEST_CASE("One entry is extracted into a file of another name") {
  Given given;
  const fs::path file = given.folder.path() / "copy.db";
  extract_entry(given.archive, 0, given.disk, file);
  CHECK(file_content(file) == small_archive().entries[0].content);
  CHECK_THROWS_AS(extract_entry(given.archive, 1, given.disk, file), Error);
  CHECK(file_content(file) == small_archive().entries[0].content);
  CHECK(count_below(given.folder.path()) == 1);
}

}  // namespace
}  // namespace holdfast
