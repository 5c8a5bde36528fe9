#include <windows.h>

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "common/unique_handle.h"
#include "service/platform/cloud_files.h"
#include "service/platform/file_state.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Answer = CloudFileFacts::Answer;

std::filesystem::path written(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "clinic_20261120T120000Z_PC.zip";
  std::ofstream(file, std::ios::binary) << "an archive";
  return file;
}

bool system_has_cloud_files() {
  const HMODULE library = ::LoadLibraryExW(L"cldapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library != nullptr) ::FreeLibrary(library);
  return library != nullptr;
}

TEST_CASE("A Windows without cloud files says so, and still tells a file's size and time") {
  if (system_has_cloud_files()) SKIP("this Windows has cloud files");
  const TemporaryFolder folder;
  const auto file = written(folder.path());
  expose_placeholders();
  SystemCloudFiles cloud;
  const CloudFileFacts facts = cloud.look(file);
  CHECK(facts.answer == Answer::NotSupported);
  CHECK(facts.bytes == 10);
  CHECK(facts.changed_at == file_state(file)->modified.time_since_epoch().count());
  CHECK(facts.is_local);
  CHECK_FALSE(facts.in_sync);
  CHECK_FALSE(facts.is_pinned);
  CHECK_FALSE(facts.is_excluded);
  CHECK(cloud.provider(folder.path()).answer == CloudProviderFacts::Answer::NotSupported);
}

TEST_CASE("A plain file outside of every synchronised folder is no placeholder") {
  if (!system_has_cloud_files()) SKIP("this Windows has no cloud files");
  const TemporaryFolder folder;
  SystemCloudFiles cloud;
  const CloudFileFacts facts = cloud.look(written(folder.path()));
  CHECK(facts.answer != Answer::Placeholder);
  CHECK_FALSE(facts.in_sync);
  CHECK(facts.bytes == 10);
  CHECK(cloud.provider(folder.path()).answer != CloudProviderFacts::Answer::Registered);
}

TEST_CASE("A file that is not there is missing, in a folder that is not there too") {
  const TemporaryFolder folder;
  SystemCloudFiles cloud;
  CHECK(cloud.look(folder.path() / "none.zip").answer == Answer::Missing);
  CHECK(cloud.look(folder.path() / "none" / "none.zip").answer == Answer::Missing);
}

TEST_CASE("A file is found behind a path longer than Windows usually takes") {
  const TemporaryFolder folder;
  std::filesystem::path deep = L"\\\\?\\" + folder.path().native();
  while (deep.native().size() < 400) {
    deep /= std::wstring(40, L'a');
    REQUIRE(::CreateDirectoryW(deep.c_str(), nullptr));
  }
  const auto file = written(deep);
  SystemCloudFiles cloud;
  const CloudFileFacts facts = cloud.look(file.native().substr(4));
  CHECK(facts.answer != Answer::Missing);
  CHECK(facts.bytes == 10);
  // The folder's own end does not reach as deep.
  ::DeleteFileW(file.c_str());
  for (; deep.native().size() > folder.path().native().size() + 4; deep = deep.parent_path()) {
    CHECK(::RemoveDirectoryW(deep.c_str()));
  }
}

TEST_CASE("A file that another program keeps to itself is looked at all the same") {
  const TemporaryFolder folder;
  const auto file = written(folder.path());
  const FileHandle held(::CreateFileW(file.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr,
                                      OPEN_EXISTING, 0, nullptr));
  REQUIRE(held);
  SystemCloudFiles cloud;
  CHECK(cloud.look(file).bytes == 10);
}

}  // namespace
}  // namespace holdfast
