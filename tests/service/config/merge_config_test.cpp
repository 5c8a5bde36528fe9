#include "service/config/merge_config.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "service/config/read_config.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMachine = R"({ "version": 1, "datasets": [
  {"id": "emr", "database": "C:\\Clinic\\clinic.db",
   "destination": {"onedrive": "Backups"},
   "schedule": {"daily": "18:30"},
   "keep": {"last": 20}},
  {"id": "rvu", "database": "{profile}\\rvu.db", "destination": {"folder": "E:\\Backups"}}
]})";

std::string user_file(const std::string& id, const std::string& database) {
  return fmt::format(R"({{"version": 1, "datasets": [
  {{"id": "own", "database": "{{documents}}\\own.db", "destination": {{"folder": "F:\\b"}}}},
  {{"id": "{}", "database": "{}", "destination": {{"folder": "F:\\b"}}}}]}})",
                     id, database);
}

std::vector<std::string> names(const EffectiveConfig& config) {
  std::vector<std::string> names;
  for (const EffectiveDataset& dataset : config.datasets) {
    names.push_back(dataset.owner + "/" + dataset.dataset.id);
  }
  return names;
}

std::string setting(const EffectiveDataset& dataset, std::string_view key) {
  constexpr const char* kOrigins[] = {"default", "machine", "user", "policy"};
  for (const Setting& found : dataset.settings) {
    if (found.key == key) {
      return fmt::format("{} {} {}", found.value, kOrigins[static_cast<int>(found.origin)],
                         found.line);
    }
  }
  return "none";
}

std::vector<std::string> told(const EffectiveConfig& config) {
  std::vector<std::string> lines;
  for (const SourceFault& fault : config.faults) {
    lines.push_back(fmt::format("{}:{}: {}: {}", fault.owner, fault.fault.place.line,
                                fault.fault.path, fault.fault.sentence));
  }
  return lines;
}

TEST_CASE("Every setting tells whether it is a default, from a file or from a policy") {
  const EffectiveConfig config =
      merge_config({.machine = kMachine,
                    .users = {{"S-1-5-21-7", user_file("more", "D:/more.db")}},
                    .policies = {{"stale_after", "2d"}}});
  REQUIRE(told(config).empty());
  CHECK(names(config) ==
        std::vector<std::string>{"/emr", "/rvu", "S-1-5-21-7/own", "S-1-5-21-7/more"});
  const EffectiveDataset& emr = config.datasets[0];
  CHECK(setting(emr, "id") == "\"emr\" machine 2");
  CHECK(setting(emr, "destination.onedrive") == "\"Backups\" machine 3");
  CHECK(setting(emr, "destination.folder") == "none");
  CHECK(setting(emr, "schedule.daily") == "\"18:30\" machine 4");
  CHECK(setting(emr, "schedule") == "none");
  CHECK(setting(emr, "keep.last") == "20 machine 5");
  CHECK(setting(emr, "keep.daily") == "0 default 0");
  CHECK(setting(emr, "include") == "[] default 0");
  CHECK(setting(emr, "stale_after") == "\"2d\" policy 0");
  CHECK(emr.dataset.stale_after == 48h);
  CHECK(setting(config.datasets[1], "schedule") == "{\"every\": \"4h\"} default 0");
  CHECK(setting(config.datasets[2], "database") == "\"{documents}\\\\own.db\" user 2");
}

TEST_CASE("The default of stale_after is told as it follows from the schedule") {
  const EffectiveConfig config = merge_config({.machine = kMachine});
  CHECK(setting(config.datasets.at(0), "stale_after") == "\"36h\" default 0");
  CHECK(setting(config.datasets.at(1), "stale_after") == "\"1d\" default 0");
}

TEST_CASE("Policies override the files, and those for one dataset override the others") {
  const EffectiveConfig config =
      merge_config({.machine = kMachine,
                    .policies = {{"schedule.every", "2h"},
                                 {"keep.last", std::int64_t{30}},
                                 {"enabled", std::int64_t{0}},
                                 {"destination.account", "personal"},
                                 {"datasets.emr.keep.last", std::int64_t{40}},
                                 {"datasets.rvu.schedule.manual", std::int64_t{1}},
                                 {"datasets.rvu.destination.onedrive", "Safe"},
                                 {"datasets.elsewhere.notify", "all"}}});
  REQUIRE(told(config).empty());
  const Dataset& emr = config.datasets.at(0).dataset;
  CHECK(std::get<Every>(emr.schedule).interval == 2h);
  CHECK(emr.keep.last == 40);
  CHECK_FALSE(emr.enabled);
  CHECK(std::get<OneDriveDestination>(emr.destination).account == "personal");
  const Dataset& rvu = config.datasets.at(1).dataset;
  CHECK(std::holds_alternative<Manual>(rvu.schedule));
  CHECK(rvu.keep.last == 30);
  CHECK(std::get<OneDriveDestination>(rvu.destination).folder == "Safe");
  CHECK(std::get<OneDriveDestination>(rvu.destination).account.empty());
}

TEST_CASE("A policy that is wrong is told and left out, and the rest holds") {
  const EffectiveConfig config = merge_config({.machine = kMachine,
                                               .policies = {{"keep.lats", std::int64_t{3}},
                                                            {"database", "C:\\x.db"},
                                                            {"notify", "loud"},
                                                            {"retries", "three"},
                                                            {"keep.daily", std::int64_t{7}}}});
  CHECK(config.is_good());
  CHECK(config.datasets.at(0).dataset.keep.daily == 7);
  const std::vector<std::string> lines = told(config);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].starts_with(":0: database: There is no such policy; known are \"enabled\", "));
  CHECK(lines[1] == ":0: keep.lats: There is no such policy; did you mean \"keep.last\"?");
  CHECK(lines[2] == ":0: notify: \"loud\" is none of \"failures\", \"all\", \"never\".");
  CHECK(lines[3] == ":0: retries: \"three\" is no whole number; write it like 3.");
}

TEST_CASE("A policy's text is taken for a number or a switch where the setting is one") {
  const EffectiveConfig config =
      merge_config({.machine = kMachine,
                    .policies = {{"keep.last", "30"},
                                 {"retries", "0"},
                                 {"enabled", "false"},
                                 {"datasets.emr.keep.last", "40"},
                                 {"datasets.emr.enabled", "1"},
                                 {"datasets.emr.schedule.manual", "true"},
                                 {"datasets.rvu.enabled", "0"},
                                 {"datasets.rvu.destination.onedrive", "1"},
                                 {"datasets.rvu.schedule.manual", "1"}}});
  REQUIRE(told(config).empty());
  const EffectiveDataset& emr = config.datasets.at(0);
  CHECK(setting(emr, "keep.last") == "40 policy 0");
  CHECK(setting(emr, "retries") == "0 policy 0");
  CHECK(setting(emr, "enabled") == "true policy 0");
  CHECK(setting(emr, "schedule.manual") == "true policy 0");
  CHECK(emr.dataset.keep.last == 40);
  const EffectiveDataset& rvu = config.datasets.at(1);
  CHECK(setting(rvu, "keep.last") == "30 policy 0");
  CHECK(setting(rvu, "enabled") == "false policy 0");
  CHECK(setting(rvu, "destination.onedrive") == "\"1\" policy 0");
  CHECK(setting(rvu, "schedule.manual") == "true policy 0");
  CHECK_FALSE(rvu.dataset.enabled);
}

TEST_CASE("A policy's text that is no number or switch stays a fault where the setting is one") {
  struct Case {
    const char* policy;
    const char* text;
    const char* sentence;
  };
  constexpr Case kCases[] = {
      {"keep.last", "", "\"\" is no whole number; write it like 10."},
      {"keep.last", " 30", "\" 30\" is no whole number; write it like 10."},
      {"keep.last", "30 ", "\"30 \" is no whole number; write it like 10."},
      {"keep.last", "+30", "\"+30\" is no whole number; write it like 10."},
      {"keep.last", "3.0", "\"3.0\" is no whole number; write it like 10."},
      {"keep.last", "true", "\"true\" is no whole number; write it like 10."},
      {"keep.last", "99999999999999999999",
       "\"99999999999999999999\" is no whole number; write it like 10."},
      {"keep.last", "0", "0 is too small; the smallest is 1."},
      {"keep.last", "-1", "-1 is too small; the smallest is 1."},
      {"keep.last", "1001", "1001 is too large; the largest is 1000."},
      {"enabled", "", "\"\" is neither true nor false; write it like false."},
      {"enabled", "yes", "\"yes\" is neither true nor false; write it like false."},
      {"enabled", "2", "\"2\" is neither true nor false; write it like false."},
      {"schedule.manual", "0", "false is not true; write it like true."},
      {"schedule.manual", "no", "\"no\" is not true; write it like true."},
      {"stale_after", "24", "\"24\" is no duration; write it like \"24h\"."},
  };
  for (const Case& wrong : kCases) {
    CAPTURE(wrong.policy, wrong.text);
    const EffectiveConfig config =
        merge_config({.machine = kMachine, .policies = {{wrong.policy, wrong.text}}});
    CHECK(config.is_good());
    CHECK(told(config) ==
          std::vector<std::string>{fmt::format(":0: {}: {}", wrong.policy, wrong.sentence)});
  }
}

TEST_CASE("A policy's OneDrive account is passed over where another one names a folder") {
  const EffectiveConfig config = merge_config(
      {.machine = kMachine,
       .policies = {{"destination.account", "personal"}, {"destination.folder", "F:\\Safe"}}});
  CHECK(told(config).empty());
  for (const EffectiveDataset& dataset : config.datasets) {
    CHECK(setting(dataset, "destination.folder") == "\"F:\\\\Safe\" policy 0");
    CHECK(setting(dataset, "destination.account") == "none");
  }
  CHECK(config.datasets.size() == 2);
}

TEST_CASE("Of policies that exclude each other none holds, and all are told") {
  const EffectiveConfig config =
      merge_config({.machine = kMachine,
                    .policies = {{"schedule.every", "2h"},
                                 {"schedule.daily", "18:30"},
                                 {"datasets.rvu.schedule.every", "3h"},
                                 {"datasets.rvu.schedule.manual", "no"}}});
  CHECK(config.is_good());
  CHECK(
      told(config) ==
      std::vector<std::string>{
          R"(:0: datasets.rvu.schedule.manual: "no" is not true; write it like true.)",
          R"(:0: schedule.daily: It and "schedule.every" exclude each other, so neither holds; keep one.)",
          R"(:0: schedule.every: It and "schedule.daily" exclude each other, so neither holds; keep one.)"});
  CHECK(setting(config.datasets.at(0), "schedule.daily") == "\"18:30\" machine 4");
  CHECK(std::get<Every>(config.datasets.at(1).dataset.schedule).interval == 3h);
}

TEST_CASE("A policy of the schedule, or of when a backup is too old, makes no good file faulty") {
  std::string machine(kMachine);
  machine.insert(machine.find(R"("id")"), R"("stale_after": "24h", )");
  for (const Policies& policies : {Policies{{"schedule.every", "2d"}},
                                   Policies{{"schedule.daily", "18:30"}, {"stale_after", "8h"}},
                                   Policies{{"schedule.every", "2d"}, {"stale_after", "8h"}}}) {
    const EffectiveConfig config =
        merge_config({.machine = machine,
                      .users = {{"S-1-5-21-7", user_file("more", "D:/more.db")}},
                      .policies = policies});
    CHECK(told(config).empty());
    REQUIRE(config.datasets.size() == 4);
    for (const EffectiveDataset& dataset : config.datasets) {
      CHECK(dataset.dataset.stale_after >= *interval_of(dataset.dataset.schedule) * 3 / 2);
      CHECK(setting(dataset, "stale_after").ends_with(" default 0"));
    }
  }
  // What goes together holds, and what stands in the file alone is the file's fault.
  CHECK(merge_config({.machine = machine, .policies = {{"schedule.every", "12h"}}})
            .datasets.at(0)
            .dataset.stale_after == 24h);
  std::string faulty(kMachine);
  faulty.insert(faulty.find(R"("id")"), R"("stale_after": "1m", )");
  CHECK_FALSE(merge_config({.machine = faulty, .policies = {{"notify", "all"}}}).is_good());
}

TEST_CASE("A fault in the machine's file leaves no dataset") {
  const EffectiveConfig config =
      merge_config({.machine = "{}", .users = {{"S-1-5-21-7", user_file("more", "D:/more.db")}}});
  CHECK_FALSE(config.is_good());
  CHECK(config.datasets.empty());
  CHECK(config.faults.size() == 2);
}

TEST_CASE("A fault in a user's file leaves out the datasets of that user only") {
  for (const char* broken : {"{", "{}", "[1]", ""}) {
    CAPTURE(broken);
    const EffectiveConfig config = merge_config(
        {.machine = kMachine,
         .users = {{"S-1-5-21-7", broken}, {"S-1-5-21-8", user_file("more", "D:/more.db")}}});
    CHECK(config.is_good());
    CHECK(names(config) ==
          std::vector<std::string>{"/emr", "/rvu", "S-1-5-21-8/own", "S-1-5-21-8/more"});
    CHECK_FALSE(config.faults.empty());
    for (const SourceFault& fault : config.faults) CHECK(fault.owner == "S-1-5-21-7");
  }
}

TEST_CASE("A user's dataset gives way to the machine's, and users do not disturb each other") {
  const EffectiveConfig config =
      merge_config({.machine = kMachine,
                    .users = {{"S-1-5-21-7", user_file("emr", "D:/more.db")},
                              {"S-1-5-21-8", user_file("mine", "c:/clinic/CLINIC.DB")}}});
  CHECK(config.is_good());
  CHECK(names(config) ==
        std::vector<std::string>{"/emr", "/rvu", "S-1-5-21-7/own", "S-1-5-21-8/own"});
  CHECK(told(config) ==
        std::vector<std::string>{
            "S-1-5-21-7:3: datasets[1].id: The machine's dataset \"emr\" has this id already.",
            "S-1-5-21-8:3: datasets[1].database: The machine's dataset \"emr\" has this database "
            "already.",
        });
}

}  // namespace
}  // namespace holdfast
