#include "service/command_line/export_command.h"

#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"
#include "tests/support/crafted_archive.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

constexpr const char* kName = "clinic_20261120T104353Z_RECEPTION.zip";

struct Said {
  ExitCode code = ExitCode::Success;
  std::string out;
  std::string err;
};

Said said(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_command_line(arguments, all_commands({}), {.out = out, .err = err});
  return {code, out.str(), err.str()};
}

TEST_CASE("export copies archives that are named by their paths, without the service") {
  const TemporaryFolder folder;
  const std::string good = path_text(folder.path() / kName);
  const std::string bad = path_text(folder.path() / "notes.zip");
  const std::string to = path_text(folder.path() / "drive");
  write_file(text_path(good), small_archive().bytes());
  write_file(text_path(bad), "notes");

  const Said both = said({"export", good, bad, "--to", to});
  CHECK(both.code == ExitCode::Failed);
  CHECK(both.out.starts_with("Exported and verified: " + path_text(text_path(to) / kName) + " ("));
  CHECK(both.out.find("\nNot exported: ") != std::string::npos);
  CHECK(both.out.ends_with("1 exported, 1 not.\n"));
  CHECK(folder_content(text_path(to)).size() == 1);

  const Said again = said({"export", good, "--to", to, "--json"});
  CHECK(again.code == ExitCode::Failed);
  const auto told = nlohmann::json::parse(again.out);
  CHECK(told.at(0).at("archive") == good);
  CHECK(told.at(0).at("fault").get<std::string>().find("there is something of that name") !=
        std::string::npos);
}

TEST_CASE("export asks the service only for an archive that is told by its name alone") {
  const TemporaryFolder folder;
  const std::string to = path_text(folder.path() / "drive");
  CHECK(said({"export", kName, "--to", to}).code == ExitCode::ServiceNotReachable);
  for (const std::string& named : {path_text(folder.path() / kName), std::string("notes.zip")}) {
    const Said refused = said({"export", named, "--to", to});
    CHECK(refused.code == ExitCode::Failed);
    CHECK(refused.err == "holdfast: Cannot export " + named +
                             ": there is no such file. Give a path, or a name that \"holdfast "
                             "archives DATASET\" shows.\n");
  }
  CHECK(said({"export", path_text(folder.path()), "--to", to}).err.find(": it is a folder. ") !=
        std::string::npos);
  CHECK_FALSE(std::filesystem::exists(text_path(to)));
}

TEST_CASE("export says what it misses") {
  CHECK(said({"export", "--to", "x"}).err.starts_with("holdfast: No ARCHIVE was given."));
  CHECK(said({"export", "x.zip"}).err.starts_with("holdfast: The option --to is missing."));
  CHECK(said({"export"}).code == ExitCode::Usage);
}

}  // namespace
}  // namespace holdfast
