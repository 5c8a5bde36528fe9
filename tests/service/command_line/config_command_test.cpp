#include "service/command_line/config_command.h"

#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/path_text.h"
#include "service/command_line/command_line.h"
#include "service/command_line/config_report.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

struct Outcome {
  ExitCode code;
  std::string out, err;
};

Outcome run(const std::vector<std::string>& arguments) {
  const Command commands[] = {config_command()};
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_command_line(arguments, commands, {out, err});
  return {code, out.str(), err.str()};
}

class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) { write_file(text_path(name()), text); }
  std::string name() const { return path_text(folder_.path() / "clinic.json"); }

 private:
  TemporaryFolder folder_;
};

constexpr const char* kGood = R"({"version": 1, "datasets": [
  {"id": "clinic", "database": "C:\\Clinic\\clinic.db", "destination": {"folder": "E:\\Backups"},
   "counts": {"patients": "SELECT count(*) FROM patients"}}]})";
constexpr const char* kBad = R"({"version": 1, "datasets": [
  {"id": "clinic", "database": "C:\\Clinic\\clinic.db", "destination": {"folder": "E:\\Backups"},
   "schedule": {"every": "4 hours"}, "notfiy": "all"}]})";

TEST_CASE("config check tells that a file is good, with exit code 0") {
  const ConfigFile file(kGood);
  const Outcome outcome = run({"config", "check", file.name()});
  CHECK(outcome.code == ExitCode::Success);
  CHECK(outcome.out == "Good: " + file.name() + " (1 dataset)\n");
  CHECK(outcome.err.empty());
}

// Folders have names of any length, so where lines end is another test's.
std::string unwrapped(const std::string& text) {
  std::string line;
  for (const char c : text) {
    if (c == ' ' && line.ends_with('\n')) line.back() = ' ';
    if (c != ' ' || !line.ends_with(' ')) line += c;
  }
  return line;
}

TEST_CASE("config check tells every fault with its place, with exit code 70") {
  const ConfigFile file(kBad);
  const Outcome outcome = run({"config", "check", file.name()});
  CHECK(outcome.code == ExitCode::Failed);
  CHECK(unwrapped(outcome.out) ==
        file.name() +
            ":3:26: datasets[0].schedule.every: \"4 hours\" is no duration; write "
            "it like \"4h\".\n" +
            file.name() +
            ":3:38: datasets[0].notfiy: There is no such key; did you mean "
            "\"notify\"?\n" +
            "BAD: " + file.name() + " (2 faults)\n");
  const Outcome json = run({"config", "check", file.name(), "--json"});
  CHECK(json.code == ExitCode::Failed);
  const auto told = nlohmann::json::parse(json.out);
  CHECK(told["good"] == false);
  CHECK(told["faults"].size() == 2);
  CHECK(told["faults"][0]["path"] == "datasets[0].schedule.every");
  CHECK(told["faults"][0]["line"] == 3);
  CHECK(told["faults"][0]["column"] == 26);
}

TEST_CASE("config show lists every setting with where it comes from") {
  const ConfigFile file(kGood);
  const Outcome outcome = run({"config", "show", file.name()});
  CHECK(outcome.code == ExitCode::Success);
  CHECK(outcome.out.starts_with("clinic\n"));
  for (const char* line : {"  Setting             From             Value\n",
                           "  database            machine, line 2  \"C:\\\\Clinic\\\\clinic.db\"\n",
                           "  schedule            default          {\"every\": \"4h\"}\n",
                           "  keep.last           default          10\n"}) {
    CAPTURE(line, outcome.out);
    CHECK(outcome.out.find(line) != std::string::npos);
  }
  const auto told = nlohmann::json::parse(run({"config", "show", file.name(), "--json"}).out);
  CHECK(told["good"] == true);
  CHECK(told["datasets"][0]["id"] == "clinic");
  CHECK(told["datasets"][0]["settings"][0] ==
        nlohmann::json{{"key", "id"}, {"value", "clinic"}, {"origin", "machine"}, {"line", 2}});
}

TEST_CASE("config show of a file with faults tells them, with exit code 70") {
  const ConfigFile file(kBad);
  const Outcome outcome = run({"config", "show", file.name()});
  CHECK(outcome.code == ExitCode::Failed);
  CHECK(outcome.out.starts_with(file.name() + ":3:26:"));
  const ConfigFile empty(R"({"version": 1, "datasets": []})");
  CHECK(run({"config", "show", empty.name()}).out ==
        "No datasets are configured in " + empty.name() + ".\n");
}

TEST_CASE("A fault tells whether the machine's file, a user's or a policy has it") {
  const EffectiveConfig config = merge_config(
      {.machine = kGood, .users = {{"S-1-5-21-7", "{"}}, .policies = {{"notify", "loud"}}});
  CHECK(check_report(config, "config.json", {}, {}) ==
        "policy: notify: \"loud\" is none of \"failures\", \"all\", \"never\".\n"
        "S-1-5-21-7.json:1:1: The text ends before the object that begins in line 1\n"
        "    does; \"}\" is missing.\n"
        "BAD: config.json (2 faults)\n");
}

TEST_CASE("What keeps a dataset from being backed up is told beside the faults") {
  const EffectiveConfig config = merge_config({.machine = kGood});
  const std::vector<DatasetObstacle> obstacles{{"clinic", "There is no E:\\ now."},
                                               {"clinic", "The query\ndoes not work."}};
  CHECK(check_report(config, "config.json", obstacles, {}) ==
        "clinic: There is no E:\\ now.\n"
        "clinic: The query?does not work.\n"
        "NOT READY: config.json (1 dataset, 1 of which cannot be backed up now)\n");
  const auto told = nlohmann::json::parse(check_json(config, "config.json", obstacles).dump());
  CHECK(told["good"] == true);
  CHECK(told["ready"] == false);
  CHECK(told["obstacles"][0] ==
        nlohmann::json{{"dataset", "clinic"}, {"sentence", "There is no E:\\ now."}});
}

TEST_CASE("config that is mistyped tells what it takes, with exit code 64") {
  const ConfigFile file(kGood);
  struct Row {
    std::vector<std::string> arguments;
    std::string line;
  };
  const Row rows[] = {
      {{"config"}, "holdfast: No \"check\" or \"show\" was given. See the command's --help.\n"},
      {{"config", "chekc"},
       "holdfast: \"config\" takes no \"chekc\". Did you mean \"config check\"?\n"},
      {{"config", "frobnicate"},
       "holdfast: \"config\" takes no \"frobnicate\". See \"holdfast config --help\".\n"},
      {{"config", "check", file.name(), "b"},
       "holdfast: More than one FILE was given. Name one at a time.\n"},
  };
  for (const Row& row : rows) {
    const Outcome outcome = run(row.arguments);
    CAPTURE(row.arguments);
    CHECK(outcome.code == ExitCode::Usage);
    CHECK(outcome.err == row.line);
  }
  CHECK(run({"config", "check", file.name() + ".missing"}).code == ExitCode::Failed);
}

}  // namespace
}  // namespace holdfast
