#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/storage.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("A file whose data is not on this disk is told by the folder") {
  const TemporaryFolder folder;
  for (const char* name : {"elsewhere", "here"}) write_file(folder.path() / name, "x");
  const std::filesystem::path elsewhere = folder.path() / "elsewhere";
  REQUIRE(::SetFileAttributesW(elsewhere.c_str(), FILE_ATTRIBUTE_OFFLINE));
  if ((::GetFileAttributesW(elsewhere.c_str()) & FILE_ATTRIBUTE_OFFLINE) == 0) {
    SKIP("This system keeps no such attribute.");
  }
  DiskStorage disk;
  const auto entries = disk.list(folder.path());
  REQUIRE(entries.size() == 2);
  CHECK_FALSE(entries[0].is_local);
  CHECK(entries[1].is_local);
}

}  // namespace
}  // namespace holdfast
