#include "service/archive/list_archives.h"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("Archives are listed by name, the broken ones with their fault") {
  const TemporaryFolder folder;
  const std::string bytes = small_archive().bytes();
  const auto put = [&folder](const char* name, const std::string& content) {
    write_file(folder.path() / name, content);
  };
  put("clinic_20261120T104353Z_PC.zip", bytes);
  put("clinic_20261119T104353Z_PC.safety.zip", bytes);
  put("clinic_20261121T104353Z_PC.zip", bytes.substr(0, bytes.size() / 2));
  put("other_20261120T104353Z_PC.zip", bytes);
  put("clinic_20261122T104353Z_PC.zip.tmp", bytes);
  put("holiday.zip", bytes);
  std::filesystem::create_directory(folder.path() / "clinic_20261123T104353Z_PC.zip");
  DiskStorage disk;
  const auto archives = list_archives(disk, folder.path());
  REQUIRE(archives.size() == 4);
  CHECK(archives[0].name.kind == ArchiveName::Kind::Safety);
  REQUIRE(archives[1].manifest);
  CHECK(archives[1].manifest->counts.at("patients") == 7);
  CHECK(archives[1].bytes == bytes.size());
  CHECK(archives[1].fault.empty());
  CHECK_FALSE(archives[2].manifest);
  CHECK(archives[2].fault.find("is damaged") != std::string::npos);
  CHECK(archives[3].fault.find("of another dataset, clinic") != std::string::npos);
}

TEST_CASE("An archive that is only in the cloud is listed and not opened") {
  const TemporaryFolder folder;
  const std::string name = "clinic_20261120T104353Z_PC.zip";
  write_file(folder.path() / name, small_archive().bytes());
  FaultyStorage storage;
  storage.only_in_cloud = {name};
  storage.before_open = [](const std::filesystem::path&) { FAIL("It was opened."); };
  const auto archives = list_archives(storage, folder.path());
  REQUIRE(archives.size() == 1);
  CHECK(archives[0].name.host == "PC");
  CHECK(archives[0].fault.empty());
  CHECK_FALSE(archives[0].manifest);
}

}  // namespace
}  // namespace holdfast
