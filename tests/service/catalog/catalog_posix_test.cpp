#include <unistd.h>

#include <string>

#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>

#include "common/error.h"
#include "service/catalog/catalog.h"
#include "tests/support/database.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

constexpr uid_t kNobody = 65534;

const Time kNow = time_from("2026-11-20T10:00:00Z");

std::vector<ArchiveRecord> archives(int first, int count) {
  std::vector<ArchiveRecord> records;
  for (int i = first; i < first + count; ++i) {
    records.push_back(
        {.file_name = std::to_string(i), .taken_at = kNow, .counts = {{"patients", i}}});
  }
  return records;
}

// What the process does that is killed: makes the catalog if there is none, and two changes of many
// pages.
void change(const std::filesystem::path& file) {
  Catalog catalog(file, kNow);
  catalog.reconcile("clinic", "E:\\", archives(0, 50));
  const std::int64_t run = catalog.begin_run({.dataset = "clinic", .started_at = kNow});
  catalog.end_run(run, {kNow, RunOutcome::Verified},
                  {.dataset = "clinic", .file_name = "made", .taken_at = kNow});
}

// Whether the process was killed before its step of that number.
bool dies_at(int step, const std::filesystem::path& file) {
  const pid_t child = ::fork();
  if (child == 0) {
    int left = step;
    const FaultyVfs vfs([&left] {
      if (left-- == 0) ::_exit(1);
      return SQLITE_OK;
    });
    try {
      change(file);
    } catch (...) {
      ::_exit(2);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) != 2);
  return WEXITSTATUS(status) == 1;
}

TEST_CASE("A process that is killed at any step leaves a whole catalog") {
  bool has_lived = false;
  for (int step = 0; !has_lived; ++step) {
    REQUIRE(step < 300);
    CAPTURE(step);
    const TemporaryFolder folder;
    const auto file = folder.path() / "catalog.db";
    has_lived = !dies_at(step, file);
    Catalog catalog(file, kNow);
    CHECK(catalog.begun_anew().empty());
    const auto found = catalog.archives("clinic");
    CHECK((found.empty() || found.size() == 50 || found.size() == 51));
    for (const ArchiveRecord& each : found) {
      CHECK(each.counts.size() == (each.file_name == "made" ? 0 : 1));
      CHECK(each.sequence.has_value() == (each.file_name == "made"));
    }
    const auto runs = catalog.runs({.dataset = "clinic", .limit = 9});
    const bool ended = !runs.empty() && runs.front().outcome == RunOutcome::Verified;
    CHECK(ended == (found.size() == 51));
    if (has_lived) CHECK(ended);
  }
}

TEST_CASE("A catalog in a folder that may not be written to says so") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "catalog.db";
  { const Catalog catalog(file, kNow); }
  std::filesystem::permissions(file, std::filesystem::perms(0444));
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0555));
  // Root may write anywhere.
  const uid_t user = ::geteuid();
  if (user == 0) REQUIRE(::seteuid(kNobody) == 0);
  std::string sentence;
  ErrorCode code = ErrorCode::Internal;
  for (const auto& each : {file, folder.path() / "new.db"}) {
    try {
      const Catalog catalog(each, kNow);
    } catch (const Error& error) {
      code = error.code();
      sentence = error.line();
    }
    if (code != ErrorCode::AccessDenied) break;
  }
  if (user == 0) REQUIRE(::seteuid(user) == 0);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  CHECK(code == ErrorCode::AccessDenied);
  CHECK(sentence.find("new.db: the file or its folder cannot be written to") != std::string::npos);
}

}  // namespace
}  // namespace holdfast
