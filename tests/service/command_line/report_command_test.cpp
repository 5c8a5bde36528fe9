#include "service/command_line/report_command.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;

json run(const std::string& kind, const std::string& outcome) {
  return {{"id", 1},
          {"kind", kind},
          {"outcome", outcome},
          {"started_at", "2026-11-20T06:00:00Z"},
          {"ended_at", "2026-11-20T06:00:05Z"}};
}

json archive(const std::string& check) {
  return {{"host", "PC"},
          {"taken_at", "2026-11-20T06:00:00Z"},
          {"bytes", 1000},
          {"kind", "backup"},
          {"check", check}};
}

TEST_CASE("A report has all that the service tells, page after page") {
  std::vector<json> asked;
  ScriptedServices services;
  services.add([&asked](ScriptedService& service) {
    service.greet();
    const auto answer = [&](const json& result) {
      const json question = service.receive();
      asked.push_back({question["method"], question["params"]});
      service.send(result_line(question["id"], result));
    };
    answer({{"host", "PC"}, {"version", "1.2.3"}});
    Status status{.health = Health::Stale, .headline = "Lab is old."};
    status.datasets.push_back({.id = "lab", .title = "Lab"});
    answer(status);
    answer({{"runs", {run("backup", "verified")}}, {"more", true}, {"next", 7}});
    answer({{"runs", {run("drill", "failed")}}, {"more", false}});
    answer({{"archives", {archive("verified")}}, {"more", true}, {"next", 1}});
    answer({{"archives", {archive("of a later version")}}, {"more", false}});
    service.wait_until_client_leaves();
  });
  const auto connection = services.connect();
  const Time now = time_from("2026-11-20T10:00:00Z");
  const ReportFacts facts = report_facts(*connection, now);
  CHECK(facts.host == "PC");
  CHECK(facts.version == "1.2.3");
  CHECK(facts.status.health == Health::Stale);
  CHECK(facts.made_at == now);
  REQUIRE(facts.datasets.size() == 1);
  const ReportDataset& dataset = facts.datasets[0];
  CHECK(dataset.status.title == "Lab");
  REQUIRE(dataset.runs.size() == 2);
  CHECK(dataset.runs[1].kind == RunKind::Drill);
  CHECK(dataset.runs[1].outcome == RunOutcome::Failed);
  REQUIRE(dataset.archives.size() == 2);
  CHECK(dataset.archives[1].check == ArchiveFacts::Check::Unknown);
  CHECK_FALSE(dataset.has_more_runs);
  CHECK_FALSE(dataset.has_more_archives);
  REQUIRE(asked.size() == 6);
  CHECK(asked[3][1]["before"] == 7);
  CHECK(asked[5] == json{"archive.list", {{"dataset", "lab"}, {"limit", 1000}, {"offset", 1}}});
}

}  // namespace
}  // namespace holdfast
