#include <windows.h>

#include <chrono>
#include <span>
#include <string>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/unique_handle.h"
#include "service/platform/file_state.h"
#include "service/platform/storage.h"
#include "service/platform/system_path.h"
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

TEST_CASE("A path longer than Windows usually takes gets the prefix that lifts the limit") {
  const std::wstring name(200, L'n');
  CHECK(system_path("C:/data/clinic.db") == L"C:\\data\\clinic.db");
  CHECK(system_path(L"C:/data/" + name + L"/./" + name) ==
        L"\\\\?\\C:\\data\\" + name + L"\\" + name);
  CHECK(system_path(L"//server/share/" + name + L"/" + name) ==
        L"\\\\?\\UNC\\server\\share\\" + name + L"\\" + name);
  const std::wstring prefixed = L"\\\\?\\C:\\" + name + L"\\" + name;
  CHECK(system_path(prefixed) == prefixed);
}

TEST_CASE("A file behind a path longer than Windows usually takes is used like any other") {
  const TemporaryFolder folder;
  const std::filesystem::path deep =
      folder.path() / std::string(100, 'a') / std::string(100, 'b') / std::string(100, 'c');
  DiskStorage disk;
  disk.create_folders(deep);
  disk.create(deep / "half")->write_at(0, std::as_bytes(std::span("abc", 3)));
  disk.rename(deep / "half", deep / "whole");
  const auto entries = disk.list(deep);
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].size == 3);
  CHECK(disk.open(deep / "whole")->size() == 3);
  CHECK(file_state(deep / "whole"));
  CHECK(disk.free_bytes(deep) > 0);
  disk.remove(deep / "whole");
  CHECK(disk.list(deep).empty());
}

// Who has it open does not share it.
FileHandle kept(const std::filesystem::path& file) {
  return FileHandle(
      ::CreateFileW(file.c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr));
}

TEST_CASE("A file that a program has to itself for a moment is renamed and removed after that") {
  const TemporaryFolder folder;
  DiskStorage disk;
  const auto lets_go = [&](const std::filesystem::path& file) {
    return std::jthread([opened = kept(file)]() mutable {
      REQUIRE(opened);
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
      opened.reset();
    });
  };
  write_file(folder.path() / "half", "abc");
  {
    const std::jthread scanner = lets_go(folder.path() / "half");
    disk.rename(folder.path() / "half", folder.path() / "whole");
  }
  const std::jthread scanner = lets_go(folder.path() / "whole");
  disk.remove(folder.path() / "whole");
  CHECK(disk.list(folder.path()).empty());
}

TEST_CASE("A file that a program keeps to itself is told as such, with what to do") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "kept";
  write_file(file, "abc");
  const FileHandle opened = kept(file);
  REQUIRE(opened);
  DiskStorage disk;
  try {
    disk.open(file);
    FAIL("It was opened.");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::FileBusy);
    CHECK(error.action() == "Close the program that uses it, and try again.");
  }
}

}  // namespace
}  // namespace holdfast
