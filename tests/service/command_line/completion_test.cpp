#include "service/command_line/completion.h"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"

namespace holdfast {
namespace {

using Words = std::vector<std::string>;

// What may stand next, and how often the service was asked for it.
struct Offered {
  Words words;
  int questions = 0;
};

Offered offered(const Words& before, const std::string& begun) {
  Offered offered;
  const auto ids = [&offered] {
    ++offered.questions;
    return Words{"clinic", "lab"};
  };
  for (const auto& [word, meaning] : completions({before, begun}, all_commands({}), ids)) {
    CHECK_FALSE(meaning.empty());
    offered.words.push_back(word);
  }
  return offered;
}

TEST_CASE("The words that may stand next are offered, and none where the shell knows better") {
  struct Row {
    Words before;
    std::string begun;
    Words words;
  };
  const Row rows[] = {
      // Commands, without the hidden ones.
      {{}, "s", {"status", "snapshot", "service"}},
      {{}, "comp", {"completion"}},
      {{}, "x", {}},
      {{}, "-", {"--help", "--version"}},
      {{"help"}, "st", {"status"}},
      {{"help", "status"}, "", {}},
      {{"frobnicate"}, "", {}},
      {{"complete"}, "", {}},
      // Options of the command that were not given yet.
      {{"status"}, "", {"--json", "--help"}},
      {{"status"}, "--j", {"--json"}},
      {{"status", "--json"}, "", {"--help"}},
      {{"status", "--json", "-h"}, "-", {}},
      {{"backup"}, "--", {"--reason", "--wait", "--json", "--help"}},
      {{"backup", "--reason=x"}, "--r", {}},
      {{"snapshot", "--include", "a"}, "--inc", {"--include"}},
      {{"snapshot", "--name", "a"}, "--n", {}},
      // Values of options are free text or files.
      {{"backup", "--reason"}, "", {}},
      {{"backup", "--reason"}, "cl", {}},
      {{"extract", "a.zip", "--to"}, "", {}},
      // Datasets, once.
      {{"backup"}, "", {"clinic", "lab"}},
      {{"backup"}, "c", {"clinic"}},
      {{"backup"}, "x", {}},
      {{"backup", "--reason", "cli"}, "", {"clinic", "lab"}},
      {{"backup", "--wait"}, "l", {"lab"}},
      {{"backup", "clinic"}, "", {"--reason", "--wait", "--json", "--help"}},
      {{"history"}, "", {"clinic", "lab"}},
      {{"retention"}, "l", {"lab"}},
      {{"accept"}, "", {"clinic", "lab"}},
      // Words that the command takes, then files.
      {{"config"}, "", {"check", "show"}},
      {{"config"}, "s", {"show"}},
      {{"config", "check"}, "", {}},
      {{"completion"}, "", {"powershell"}},
      {{"verify"}, "", {}},
      {{"list"}, "back", {}},
      {{"verify"}, "--", {"--json", "--help"}},
      {{"report"}, "", {"--to", "--overwrite", "--json", "--help"}},
      {{"snapshot"},
       "",
       {"--database", "--to", "--include", "--count", "--name", "--reason", "--background",
        "--json", "--help"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.before, row.begun);
    CHECK(offered(row.before, row.begun).words == row.words);
  }
}

TEST_CASE("The service is asked for its datasets only where one may stand") {
  CHECK(offered({"backup"}, "").questions == 1);
  for (const Words& before : {Words{}, {"status"}, {"backup", "clinic"}, {"backup", "--reason"}}) {
    CAPTURE(before);
    CHECK(offered(before, "").questions == 0);
  }
  CHECK(offered({"backup"}, "--").questions == 0);
}

struct Printed {
  ExitCode code;
  std::string out, err;
};

Printed printed(const Words& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const auto all = all_commands({});
  const ExitCode code = run_command_line(arguments, all, {out, err});
  return {code, out.str(), err.str()};
}

TEST_CASE("complete prints a word and its meaning in a line, and is silent without the service") {
  CHECK(printed({"complete", "--", "li"}).out ==
        "list\tLists the archives in a folder, with what each tells of itself\n");
  CHECK(printed({"complete", "--", "list", "--he"}).out == "--help\texplain this command\n");
  CHECK(printed({"complete", "--new-word", "--", "config"}).out.starts_with("check\t"));
  CHECK(printed({"complete", "--", "config", ""}).out.starts_with("check\t"));
  const Printed away = printed({"complete", "--new-word", "--", "backup"});
  CHECK(away.code == ExitCode::Success);
  CHECK(away.err.empty());
  CHECK(printed({"complete"}).code == ExitCode::Success);
}

TEST_CASE("The script for PowerShell asks the program, and passes no empty argument") {
  const Printed script = printed({"completion", "powershell"});
  CHECK(script.code == ExitCode::Success);
  for (const char* part : {"Register-ArgumentCompleter -Native",
                           "& $program complete @options '--'", "$options += '--new-word'"}) {
    CAPTURE(part);
    CHECK(script.out.find(part) != std::string::npos);
  }
  CHECK(printed({"completion", "bash"}).code == ExitCode::Usage);
  CHECK(printed({"completion"}).code == ExitCode::Usage);
}

}  // namespace
}  // namespace holdfast
