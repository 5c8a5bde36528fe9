#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "common/unique_handle.h"
#include "service/platform/opened_path.h"
#include "service/platform/path_limits.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

struct OpenedFile {
  TemporaryFolder folder;
  std::filesystem::path path = folder.path() / L"Größe" / L"archive.zip";
  FileHandle opened;
  ServiceRights rights{{}};

  OpenedFile() {
    std::filesystem::create_directories(path.parent_path());
    write_file(path, "an archive");
    opened = open(path);
  }
  static FileHandle open(const std::filesystem::path& file) {
    return FileHandle(::CreateFileW(file.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr,
                                    OPEN_EXISTING, 0, nullptr));
  }
  bool is_named(const std::filesystem::path& name) const {
    const ActingAs acting(&rights);
    return is_what_it_names(opened.get(), name, FurtherNames::Refused);
  }
};

TEST_CASE_METHOD(OpenedFile, "What is open is compared with what was asked for") {
  CHECK(is_named(path));
  std::wstring other_case = path.wstring();
  ::CharUpperBuffW(other_case.data(), static_cast<DWORD>(other_case.size()));
  CHECK(is_named(other_case));
  CHECK(is_named(path.generic_wstring()));
  CHECK(is_named(path.parent_path() / ".." / L"Größe" / "archive.zip"));
  CHECK(is_named(L"\\\\?\\" + path.wstring()));

  CHECK_FALSE(is_named(path.parent_path() / "another.zip"));
  CHECK_FALSE(is_named(folder.path() / "archive.zip"));
  CHECK_FALSE(is_named(path.parent_path()));
  CHECK(is_what_it_names(opened.get(), "C:\\whatever", FurtherNames::Refused));
  const ActingAs acting(&rights);
  CHECK_THROWS_AS(check_opened(opened.get(), folder.path() / "archive.zip"), Error);
}

TEST_CASE_METHOD(OpenedFile, "A short name is one of the path itself") {
  std::wstring short_name(MAX_PATH, L'\0');
  short_name.resize(
      ::GetShortPathNameW(path.c_str(), short_name.data(), static_cast<DWORD>(short_name.size())));
  REQUIRE_FALSE(short_name.empty());
  CHECK(is_named(short_name));
}

TEST_CASE_METHOD(OpenedFile, "A drive that stands for a folder leads to what is in it") {
  if (!::DefineDosDeviceW(0, L"Q:", path.parent_path().c_str())) SKIP("No drive can be defined.");
  const FileHandle by_drive = open("Q:\\archive.zip");
  bool is_same = false;
  {
    const ActingAs acting(&rights);
    is_same =
        by_drive && is_what_it_names(by_drive.get(), "Q:\\archive.zip", FurtherNames::Refused);
  }
  ::DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"Q:", nullptr);
  if (!by_drive) SKIP("This system reaches nothing by such a drive.");
  CHECK(is_same);
}

}  // namespace
}  // namespace holdfast
