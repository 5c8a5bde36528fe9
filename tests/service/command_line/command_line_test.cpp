#include "service/command_line/command_line.h"

#include <version.h>

#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

namespace po = boost::program_options;

void add_json(po::options_description& options) {
  options.add_options()("json", "as JSON");
}

ExitCode say_hello(const po::variables_map& options, Output output) {
  output.out << (options.contains("json") ? "{}" : "hello") << '\n';
  return ExitCode::Attention;
}

void add_text(po::options_description& options) {
  options.add_options()("text", po::value<std::string>(), "what to tell");
}

ExitCode surprise(const po::variables_map&, Output) {
  throw std::runtime_error("out of\nluck");
}

ExitCode fail(const po::variables_map&, Output) {
  throw Error(ErrorCode::ServiceUnreachable, "The service is away.", "Start it.");
}

constexpr Command kCommands[] = {
    {.name = "status",
     .synopsis = "status [--json]",
     .summary = "Tells how things stand",
     .details = "",
     .example = "holdfast status",
     .add_options = &add_json,
     .run = &say_hello},
    {.name = "restore",
     .synopsis = "restore",
     .summary = "Puts one back",
     .details = "",
     .example = "holdfast restore",
     .add_options = &add_json,
     .run = &fail},
    {.name = "tell",
     .synopsis = "tell",
     .summary = "Tells",
     .details = "",
     .example = "holdfast tell",
     .add_options = &add_text,
     .run = &say_hello},
    {.name = "lottery",
     .synopsis = "lottery",
     .summary = "Fails",
     .details = "",
     .example = "holdfast lottery",
     .add_options = &add_json,
     .run = &surprise,
     .listed = Command::Listed::No},
};

struct Outcome {
  ExitCode code;
  std::string out, err;
};

Outcome run(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = run_command_line(arguments, kCommands, {out, err});
  return {code, out.str(), err.str()};
}

TEST_CASE("A command runs with its options and its exit code is the program's") {
  CHECK(run({"status"}).out == "hello\n");
  CHECK(run({"status", "--json"}).out == "{}\n");
  CHECK(run({"status"}).code == ExitCode::Attention);
}

TEST_CASE("What is mistyped gives one line on stderr with the closest word, and exit code 64") {
  struct Row {
    std::vector<std::string> arguments;
    std::string line;
  };
  const Row rows[] = {
      {{}, "holdfast: No command was given. See \"holdfast --help\".\n"},
      {{"statsu"}, "holdfast: There is no command \"statsu\". Did you mean \"status\"?\n"},
      {{"frobnicate"}, "holdfast: There is no command \"frobnicate\". See \"holdfast --help\".\n"},
      {{""}, "holdfast: There is no command \"\". See \"holdfast --help\".\n"},
      {{"a\nb"}, "holdfast: There is no command \"a?b\". See \"holdfast --help\".\n"},
      {{"--versoin"}, "holdfast: There is no option \"--versoin\". Did you mean \"--version\"?\n"},
      {{"status", "--jsno"}, "holdfast: There is no option \"--jsno\". Did you mean \"--json\"?\n"},
      {{"status", "--js"}, "holdfast: There is no option \"--js\". Did you mean \"--json\"?\n"},
      {{"status", "-x"}, "holdfast: There is no option \"-x\". See \"holdfast --help\".\n"},
      {{"status", "now"},
       "holdfast: \"status\" takes no \"now\". See \"holdfast status --help\".\n"},
      {{"tell", "--text", "a", "b"},
       "holdfast: \"tell\" takes no \"b\". See \"holdfast tell --help\".\n"},
      {{"tell", "--text", "a", "--", "-b"},
       "holdfast: \"tell\" takes no \"-b\". See \"holdfast tell --help\".\n"},
      {{"status", "--json=1"}, ""},
      {{"help", "retsore"},
       "holdfast: There is no command \"retsore\". Did you mean \"restore\"?\n"},
  };
  for (const Row& row : rows) {
    const Outcome outcome = run(row.arguments);
    CAPTURE(row.arguments, outcome.err);
    CHECK(outcome.code == ExitCode::Usage);
    CHECK(outcome.out.empty());
    if (!row.line.empty()) CHECK(outcome.err == row.line);
    CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
  }
}

TEST_CASE("Help lists the commands, and each command explains itself with an example") {
  const Outcome overview = run({"--help"});
  CHECK(overview.code == ExitCode::Success);
  CHECK(overview.out.find("restore  Puts one back") != std::string::npos);
  CHECK(overview.out.find("lottery") == std::string::npos);
  for (const auto& asked : {run({"status", "--help"}), run({"help", "status"}),
                            run({"--help", "status"}), run({"status", "-h"})}) {
    CHECK(asked.code == ExitCode::Success);
    CHECK(asked.out.starts_with("Usage: holdfast status [--json]\n"));
    CHECK(asked.out.find("--json") != std::string::npos);
    CHECK(asked.out.ends_with("Example:\n  holdfast status\n"));
  }
}

TEST_CASE("The version is the project's one version") {
  CHECK(run({"--version"}).out == "holdfast " HOLDFAST_VERSION "\n");
}

TEST_CASE("A failure is one line on stderr, and with --json also an object on stdout") {
  const Outcome plain = run({"restore"});
  CHECK(plain.code == ExitCode::ServiceNotReachable);
  CHECK(plain.out.empty());
  CHECK(plain.err == "holdfast: The service is away. Start it.\n");
  const Outcome json = run({"restore", "--json"});
  CHECK(json.code == ExitCode::ServiceNotReachable);
  CHECK(nlohmann::json::parse(json.out)["error"]["code"] == "service_unreachable");
}

TEST_CASE("Whatever else goes wrong is told in the same ways") {
  const Outcome outcome = run({"lottery", "--json"});
  CHECK(outcome.code == ExitCode::Failed);
  CHECK(outcome.err == "holdfast: An unexpected failure: out of?luck.\n");
  CHECK(nlohmann::json::parse(outcome.out)["error"]["code"] == "internal");
  const Outcome usage = run({"status", "now", "--json"});
  CHECK(nlohmann::json::parse(usage.out)["error"]["code"] == "usage");
}

TEST_CASE("Output that cannot be written is a failure, not a success") {
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::failbit);
  CHECK(run_command_line({"--version"}, kCommands, {out, err}) == ExitCode::Failed);
  CHECK(err.str().starts_with("holdfast: Cannot write the output."));
}

}  // namespace
}  // namespace holdfast
