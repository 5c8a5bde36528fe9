#include "service/setup/purge.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/database.h"
#include "tests/support/folder_link.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

TEST_CASE("A purge removes all that Holdfast keeps for itself, and no archive") {
  const TemporaryFolder folder;
  const std::filesystem::path data = folder.path() / "Holdfast";
  std::filesystem::create_directories(data / "users");
  std::filesystem::create_directories(data / "logs");
  std::filesystem::create_directories(data / "scratch" / "deep");
  std::filesystem::create_directories(data / "outbox" / "clinic");
  std::filesystem::create_directories(data / "outbox" / "delivered");
  for (const char* name :
       {"config.json", "catalog.db", "catalog.db-wal", "users/S-1-5-21-7.json", "logs/holdfast.log",
        "scratch/deep/page", "outbox/clinic/half.zip.tmp"}) {
    write_file(data / name, "content");
  }
  write_file(data / "outbox" / "clinic" / "clinic_20260101T000000Z_PC.ZIP", "an archive");
  purge(data);
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    left.push_back(entry.path().lexically_relative(data).generic_string());
  }
  CHECK(left == std::vector<std::string>{"outbox", "outbox/clinic",
                                         "outbox/clinic/clinic_20260101T000000Z_PC.ZIP"});

  std::filesystem::remove_all(data / "outbox");
  purge(data);
  CHECK_FALSE(std::filesystem::exists(data));
}

TEST_CASE("A purge leaves alone what links lead to") {
  const TemporaryFolder folder;
  const std::filesystem::path data = folder.path() / "Holdfast";
  const std::filesystem::path elsewhere = folder.path() / "elsewhere";
  std::filesystem::create_directories(data);
  std::filesystem::create_directories(elsewhere);
  write_file(elsewhere / "precious", "content");
  if (!make_folder_link(elsewhere, data / "link")) SKIP("links cannot be made here");
  purge(data);
  CHECK_FALSE(std::filesystem::exists(data));
  CHECK(file_content(elsewhere / "precious") == "content");
}

}  // namespace
}  // namespace holdfast
