#include "service/report/write_report.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/report/report_page.h"
#include "tests/support/database.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

namespace fs = std::filesystem;

const std::string kPage = std::string(kReportMark) + "<html>new</html>";
const std::string kEarlier = std::string(kReportMark) + "<html>old, and longer</html>";

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("A report is written into a folder that is made, and replaces an earlier one") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "new" / "report.html";
  DiskStorage storage;
  write_report(storage, file, kEarlier, Replaces::ReportsOnly);
  CHECK(file_content(file) == kEarlier);
  write_report(storage, file, kPage, Replaces::ReportsOnly);
  CHECK(file_content(file) == kPage);
  CHECK(files_in(file.parent_path()) == 1);
}

TEST_CASE("A report never replaces what is no report, unless it is told to") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "thesis.html";
  DiskStorage storage;
  for (const std::string& content :
       {std::string("<!DOCTYPE html><p>My thesis</p>"), std::string(), kPage.substr(1)}) {
    write_file(file, content);
    try {
      write_report(storage, file, kPage, Replaces::ReportsOnly);
      FAIL("It was replaced.");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::AlreadyExists);
      CHECK(error.action() == "Choose another name, or add --overwrite.");
    }
    CHECK(file_content(file) == content);
    CHECK(files_in(folder.path()) == 1);
  }
  write_report(storage, file, kPage, Replaces::AnyFile);
  CHECK(file_content(file) == kPage);
  fs::create_directory(folder.path() / "folder.html");
  CHECK_THROWS_AS(write_report(storage, folder.path() / "folder.html", kPage, Replaces::AnyFile),
                  Error);
}

TEST_CASE("Wherever writing a report fails, what was there before stays, and nothing else") {
  for (const std::string failing : {"create", "write", "flush", "replace"}) {
    CAPTURE(failing);
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "report.html";
    write_file(file, kEarlier);
    FaultyStorage storage;
    storage.before = [&failing](const std::string& step) {
      if (step == failing) throw Error(ErrorCode::DiskFull, "The disk is full.", "");
    };
    CHECK_THROWS_AS(write_report(storage, file, kPage, Replaces::ReportsOnly), Error);
    CHECK(file_content(file) == kEarlier);
    CHECK(files_in(folder.path()) == 1);
  }
}

TEST_CASE("What an earlier attempt has left half written is not touched") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "report.html";
  write_file(folder.path() / "report.html.tmp", "somebody's");
  DiskStorage storage;
  write_report(storage, file, kPage, Replaces::ReportsOnly);
  CHECK(file_content(file) == kPage);
  CHECK(file_content(folder.path() / "report.html.tmp") == "somebody's");
}

}  // namespace
}  // namespace holdfast
