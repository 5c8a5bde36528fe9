#include "service/command_line/delete_command.h"

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"

namespace holdfast {
namespace {

constexpr const char* kArchive = "clinic_20261120T060000Z_PC.zip";

struct Said {
  ExitCode code = ExitCode::Success;
  std::string err;
};

// The service is not there, so what goes past the question is told as that.
Said said(const std::vector<std::string>& arguments, const std::string& typed, bool is_terminal) {
  std::istringstream input(typed);
  std::streambuf* const before = std::cin.rdbuf(input.rdbuf());
  std::cin.clear();
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_command_line(arguments, all_commands({}),
                                         {.out = out, .err = err, .err_is_terminal = is_terminal});
  std::cin.rdbuf(before);
  return {code, err.str()};
}

TEST_CASE("An archive is deleted only after somebody confirmed it") {
  for (const char* answer : {"n\n", "\n", "", "what\n"}) {
    CAPTURE(answer);
    const Said refused = said({"delete", kArchive}, answer, true);
    CHECK(refused.code == ExitCode::Failed);
    CHECK(refused.err == std::string("Delete ") + kArchive +
                             " for good? [y/N] holdfast: The archive was not deleted.\n");
  }
  for (const char* answer : {"y\n", "Yes\n"}) {
    CHECK(said({"delete", kArchive}, answer, true).code == ExitCode::ServiceNotReachable);
  }
  CHECK(said({"delete", kArchive, "--yes"}, "", false).code == ExitCode::ServiceNotReachable);
}

TEST_CASE("Where nobody can be asked, --yes is demanded") {
  const Said refused = said({"delete", kArchive}, "y\n", false);
  CHECK(refused.code == ExitCode::Usage);
  CHECK(refused.err ==
        "holdfast: Nobody can be asked whether to delete the archive. Say it with --yes.\n");
}

TEST_CASE("A name that tells of no dataset is refused unless the dataset is named") {
  CHECK(said({"delete", "backup.zip", "--yes"}, "", false).err ==
        "holdfast: \"backup.zip\" is no archive's name. See the names with \"holdfast archives "
        "DATASET\".\n");
  CHECK(said({"delete", "backup.zip", "--dataset", "clinic", "--yes"}, "", false).code ==
        ExitCode::ServiceNotReachable);
}

}  // namespace
}  // namespace holdfast
