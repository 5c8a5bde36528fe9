#include "service/platform/data_folder.h"

#include <windows.h>
#include <aclapi.h>
#include <sddl.h>

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/utf16.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wine.h"

namespace holdfast {
namespace {

std::string dacl_text(const std::filesystem::path& folder) {
  LocalMemory descriptor;
  ::GetNamedSecurityInfoW(folder.c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                          nullptr, nullptr, nullptr, descriptor.put());
  wchar_t* text = nullptr;
  ::ConvertSecurityDescriptorToStringSecurityDescriptorW(descriptor.get(), SDDL_REVISION_1,
                                                         DACL_SECURITY_INFORMATION, &text, nullptr);
  const LocalMemory owner(text);
  return text == nullptr ? "" : to_utf8(text);
}

TEST_CASE("The data folder is in ProgramData, whatever the environment says") {
  ::SetEnvironmentVariableW(L"ProgramData", L"C:\\elsewhere");
  CHECK(path_text(data_folder()).ends_with("ProgramData\\Holdfast"));
}

TEST_CASE("Securing the data folder makes it, and keeps what is in it when it is there") {
  const TemporaryFolder root;
  const auto folder = root.path() / "Holdfast";
  CHECK(secure_folder(folder) == std::nullopt);
  REQUIRE(std::filesystem::is_directory(folder));
  std::ofstream(folder / "config.json") << "{}";
  secure_folder(folder);
  CHECK(std::filesystem::exists(folder / "config.json"));
}

TEST_CASE("Only SYSTEM and administrators reach the data folder") {
  if (runs_under_wine()) SKIP("Wine keeps no access control lists that could be read back");
  const TemporaryFolder root;
  const auto folder = root.path() / "Holdfast";
  std::filesystem::create_directory(folder);
  secure_folder(folder);
  CHECK(dacl_text(folder) == "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)");
}

TEST_CASE("Something planted under the data folder's name is moved aside and never used") {
  const TemporaryFolder root;
  const auto folder = root.path() / "Holdfast";
  std::ofstream(folder) << "a file where the folder should be";
  const auto moved = secure_folder(folder);
  REQUIRE(moved);
  CHECK(moved->find("Holdfast.untrusted-") != std::string::npos);
  CHECK(std::filesystem::is_directory(folder));
  CHECK(std::filesystem::is_empty(folder));
  std::size_t aside = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root.path())) {
    if (path_text(entry.path().filename()).starts_with("Holdfast.untrusted-")) ++aside;
  }
  CHECK(aside == 1);
}

}  // namespace
}  // namespace holdfast
