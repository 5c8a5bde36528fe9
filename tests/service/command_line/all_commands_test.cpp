#include "service/command_line/all_commands.h"

#include <sstream>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "service/command_line/command_line.h"
#include "service/command_line/display_width.h"
#include "service/command_line/help_text.h"

namespace holdfast {
namespace {

void check_width(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(display_width(line) < 80);
  }
}

TEST_CASE("Every help fits 80 columns, and has an example and the exit codes") {
  const auto all = all_commands({});
  check_width(overview(all));
  for (const Command& command : all) {
    CAPTURE(command.name);
    const std::string help = explanation(command);
    check_width(help);
    CHECK(command.example.starts_with("holdfast " + std::string(command.name)) !=
          (command.name == "service"));
    CHECK(help.find("\nExit codes:\n    0  ") != std::string::npos);
    CHECK(help.find("\n   64  ") != std::string::npos);
  }
}

TEST_CASE("The synopsis of a command names each of its options") {
  for (const Command& command : all_commands({})) {
    const auto options = options_of(command);
    for (const auto& option : options.options()) {
      if (option->long_name() == command.operands || option->long_name() == "help") continue;
      CAPTURE(command.name, option->long_name());
      CHECK(command.synopsis.find("--" + option->long_name()) != std::string_view::npos);
    }
  }
}

TEST_CASE("Every command that tells anything has --json, and its failures are JSON then") {
  for (const Command& command : all_commands({})) {
    const std::string_view name = command.name;
    const bool tells =
        name != "run" && name != "service" && name != "completion" && name != "complete";
    CAPTURE(name);
    CHECK((options_of(command).find_nothrow("json", false) != nullptr) == tells);
    if (!tells) continue;
    std::ostringstream out;
    std::ostringstream err;
    // Here is no service, and the others have too much said to them.
    const ExitCode code = run_command_line({std::string(name), "--json", "nowhere", "--help=no"},
                                           all_commands({}), {out, err});
    CHECK(code == ExitCode::Usage);
    CHECK(nlohmann::json::parse(out.str())["error"]["code"] == "usage");
  }
}

TEST_CASE("An empty word where a name must stand is refused") {
  for (const char* name : {"verify", "list", "extract", "config", "accept", "backup"}) {
    CAPTURE(name);
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_command_line({name, "", "--json"}, all_commands({}), {out, err}) == ExitCode::Usage);
    CHECK(err.str().find("is an empty text") != std::string::npos);
  }
}

TEST_CASE("history refuses what makes no sense before it asks the service") {
  for (const char* word : {"--limit=0", "--limit=1001", "--limit=-1", "--limit=x", "--since=then",
                           "--since=2026-13-01T00:00:00Z", "--outcome=good", "--outcome="}) {
    CAPTURE(word);
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_command_line({"history", word}, all_commands({}), {out, err}) == ExitCode::Usage);
  }
}

}  // namespace
}  // namespace holdfast
