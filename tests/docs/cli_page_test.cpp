#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/error.h"
#include "common/path_text.h"
#include "common/protocol/json_rpc.h"
#include "common/protocol/messages.h"
#include "service/agent/run_report.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/archive_report.h"
#include "service/command_line/config_report.h"
#include "service/command_line/export_command.h"
#include "service/command_line/help_text.h"
#include "service/command_line/report_command.h"
#include "service/config/config_json.h"
#include "tests/support/database.h"

namespace holdfast {
namespace {

using nlohmann::json;

const std::filesystem::path kPage = text_path(HOLDFAST_SOURCE) / "docs/cli.md";

// The text under a heading, up to the next one.
struct Section {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Section section_of(const std::string& page, const std::string& heading) {
  const std::size_t place = page.find("\n" + heading + "\n");
  CAPTURE(heading);
  REQUIRE(place != std::string::npos);
  const std::size_t begin = place + heading.size() + 2;
  return {begin, std::min(page.find("\n##", begin), page.size())};
}

// The page with this text in the section's first block of text.
std::string with_block(std::string page, const std::string& heading, const std::string& text) {
  const std::string fence = "```text\n";
  const Section section = section_of(page, heading);
  const std::size_t begin = page.find(fence, section.begin) + fence.size();
  const std::size_t end = page.find("```", begin);
  REQUIRE(end < section.end);
  return page.replace(begin, end - begin, text);
}

std::string with_help(std::string page) {
  const auto all = all_commands({});
  page = with_block(std::move(page), "## Commands", overview(all));
  for (const Command& command : all) {
    if (command.listed == Command::Listed::No) continue;
    page = with_block(std::move(page), "### " + std::string(command.name), explanation(command));
  }
  return page;
}

TEST_CASE("The page about the command line has the help of each command, word by word") {
  const std::string page = file_content(kPage);
  CHECK(with_help(page) == page);
}

TEST_CASE("The help of each command is written into the page about the command line",
          "[.write-docs]") {
  write_file(kPage, with_help(file_content(kPage)));
}

TEST_CASE("The page about the command line has no commands but those that there are") {
  std::set<std::string> listed;
  for (const Command& command : all_commands({})) {
    if (command.listed == Command::Listed::Yes) listed.insert(std::string(command.name));
  }
  std::set<std::string> told;
  std::istringstream page(file_content(kPage));
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("### ")) told.insert(line.substr(4));
  }
  CHECK(told == listed);
}

// "runs[].record.outcome" for each value in it. What has names of the user's choice is one value.
void note_keys(const json& value, const std::string& path, std::set<std::string>& keys) {
  const bool is_map = path.ends_with("counts") || path.ends_with("value");
  if (value.is_object() && !is_map) {
    for (const auto& [key, below] : value.items()) {
      note_keys(below, path.empty() ? key : path + "." + key, keys);
    }
  } else if (value.is_array() && !value.empty() && value[0].is_object()) {
    for (const json& below : value) note_keys(below, path + "[]", keys);
  } else {
    keys.insert(path);
  }
}

std::set<std::string> keys_of(const std::vector<json>& examples) {
  std::set<std::string> keys;
  for (const json& example : examples) note_keys(example, "", keys);
  return keys;
}

std::set<std::string> keys_told(const std::string& heading) {
  const std::string page = file_content(kPage);
  const Section section = section_of(page, heading);
  std::set<std::string> keys;
  std::istringstream lines(page.substr(section.begin, section.end - section.begin));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `")) keys.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return keys;
}

RunRecord full_record() {
  RunRecord record;
  record.ended_at = record.started_at;
  for (std::string* text :
       {&record.dataset, &record.cause, &record.reason, &record.user, &record.archive,
        &record.error_code, &record.sentence, &record.source}) {
    *text = "x";
  }
  return record;
}

json backup_answer() {
  RunReport report;
  report.state = RunReport::State::Running;
  report.record = full_record();
  report.record.source.clear();
  json run = report;
  run["dataset"] = "x";
  return {{"runs", {run, {{"dataset", "x"}, {"code", "x"}, {"sentence", "x"}}}}};
}

json plain(const nlohmann::ordered_json& ordered) {
  return json::parse(ordered.dump());
}

TEST_CASE("The page about the command line has every key of the JSON that commands print") {
  const EffectiveConfig config =
      merge_config({.machine = R"({"version": 1, "datasets": [{"id": "a", "database": "C:\\a.db",
                      "destination": {"folder": "E:\\b"}}]})",
                    .policies = {{"notify", "loud"}}});
  const Status status{.datasets = {{.id = "x",
                                    .title = "x",
                                    .headline = "x",
                                    .archived_at = Time(),
                                    .next_run = Time(),
                                    .drilled_at = Time(),
                                    .percent = 1,
                                    .restore_with = "x",
                                    .cloud = "x",
                                    .cloud_since = Time(),
                                    .notify = "all"}},
                      .faults = {"x"}};
  const json ended = RunReport{.state = RunReport::State::Ended, .record = full_record()};
  json drilled = ended;
  drilled["archive"] = "x";
  drilled["record"].erase("archive");
  const json archive = archive_json("x.zip", 1, Manifest{.counts = {{"x", 1}}});
  ListedArchive broken;
  broken.fault = "x";
  const std::map<std::string, std::vector<json>> examples{
      {"### status", {status}},
      {"### backup", {backup_answer()}},
      {"### history", {{{"runs", {full_record()}}, {"more", true}, {"next", 1}}}},
      {"### undo", {ended}},
      {"### drill", {{{"runs", {drilled}}}}},
      {"### report", {written_json({}, "x", 1)}},
      {"### snapshot", {archive}},
      {"### verify", {verified_json({{.archive = "x"}})}},
      {"### export", {exported_json({{.archive = "x"}, {.archive = "x", .fault = "x"}})}},
      {"### list", {json::array({archive}), listed_json({broken}, "x")}},
      {"### config",
       {plain(check_json(config, "x", {{"a", "x"}})), plain(settings_json(config, "x"))}},
      {"## Failures", {{{"error", error_json(Error(ErrorCode::Usage, "x", "y"))}}}},
  };
  for (const auto& [heading, answers] : examples) {
    CAPTURE(heading);
    CHECK(keys_told(heading) == keys_of(answers));
  }
}

}  // namespace
}  // namespace holdfast
