#include "service/cloud/one_drive_facts.h"

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/cloud/cloud_roots.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

const std::string kNobody = "S-1-5-21-111-222-333-4444";

TEST_CASE("Folders of a profile that are named like OneDrive's are told, and nothing else") {
  const TemporaryFolder profile;
  for (const char* name : {"OneDrive - Clinic", "OneDrive", "Documents", "MyOneDrive"}) {
    std::filesystem::create_directory(profile.path() / name);
  }
  std::ofstream(profile.path() / "OneDrive.txt") << "a file";
  const OneDriveFacts facts = one_drive_facts(kNobody, profile.path());
  CHECK(facts.sid == kNobody);
  CHECK(facts.default_folders == std::vector{path_text(profile.path() / "OneDrive"),
                                             path_text(profile.path() / "OneDrive - Clinic")});
  CHECK(facts.accounts.empty());
  CHECK(facts.sync_roots.empty());
  CHECK(facts.environment.empty());
}

TEST_CASE("A default folder is a root on every system") {
  const TemporaryFolder profile;
  std::filesystem::create_directory(profile.path() / "OneDrive");
  const auto roots = cloud_roots(
      one_drive_facts(kNobody, profile.path()),
      [](const std::string& folder) { return std::filesystem::is_directory(text_path(folder)); });
  REQUIRE(roots.size() == 1);
  CHECK(folder_inside(roots[0], "Apps\\Clinic") == profile.path() / "OneDrive" / "Apps" / "Clinic");
}

TEST_CASE("A profile that is not there has nothing, and one full of folders is not read whole") {
  const TemporaryFolder profile;
  CHECK(one_drive_facts(kNobody, profile.path() / "gone").default_folders.empty());
  CHECK(one_drive_facts(kNobody, {}).default_folders.empty());
  for (std::size_t i = 0; i < kMostDefaultFolders + 5; ++i) {
    std::filesystem::create_directory(profile.path() / ("OneDrive" + std::to_string(i)));
  }
  CHECK(one_drive_facts(kNobody, profile.path()).default_folders.size() == kMostDefaultFolders);
}

}  // namespace
}  // namespace holdfast
