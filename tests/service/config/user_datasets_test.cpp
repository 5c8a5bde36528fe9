#include "service/config/user_datasets.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"

namespace holdfast {
namespace {

using nlohmann::ordered_json;
using Kind = DatasetChange::Kind;

const std::string kSid = "S-1-5-21-7";
const std::string kMachine = R"({"version": 1, "datasets": [{"id": "emr",
  "database": "C:\\data\\clinic.db", "destination": {"folder": "D:\\backups"}}]})";

ordered_json shifts() {
  return {{"id", "shifts"},
          {"database", R"({localappdata}\Shifts\shifts.db)"},
          {"destination", {{"folder", R"({documents}\Backups)"}}},
          {"schedule", {{"daily", "18:30"}}}};
}

std::string changed(const std::string& before, const DatasetChange& change) {
  ConfigSources sources{.machine = kMachine};
  if (!before.empty()) sources.users[kSid] = before;
  return changed_user_file(sources, kSid, change);
}

std::string added() {
  return changed("", {.kind = Kind::Add, .settings = shifts()});
}

// The code and the whole sentence.
std::pair<ErrorCode, std::string> failure(const std::string& before, const DatasetChange& change) {
  try {
    changed(before, change);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  FAIL("It was done.");
  return {};
}

TEST_CASE("What a user adds, changes and takes away stands in that user's file, and can be used") {
  const std::string one = added();
  const EffectiveConfig used = merge_config({.machine = kMachine, .users = {{kSid, one}}});
  REQUIRE(used.datasets.size() == 2);
  CHECK(used.datasets[1].owner == kSid);
  CHECK(used.datasets[1].dataset.id == "shifts");
  CHECK(used.faults.empty());

  const std::string other =
      changed(one, {.kind = Kind::Change,
                    .id = "shifts",
                    .settings = {{"schedule", {{"every", "2h"}}}, {"title", "Shifts"}}});
  const ordered_json now = ordered_json::parse(other)["datasets"][0];
  CHECK(now["schedule"] == ordered_json{{"every", "2h"}});
  CHECK(now["title"] == "Shifts");
  CHECK(now["database"] == shifts()["database"]);
  const std::string untitled =
      changed(other, {.kind = Kind::Change, .id = "shifts", .settings = {{"title", nullptr}}});
  CHECK_FALSE(ordered_json::parse(untitled)["datasets"][0].contains("title"));

  const std::string none = changed(other, {.kind = Kind::Remove, .id = "shifts", .settings = {}});
  CHECK(ordered_json::parse(none)["datasets"].empty());
}

TEST_CASE("Everything that is wrong with what a user wants is told at once, and nothing is done") {
  ordered_json bad = shifts();
  bad["schedule"] = {{"every", "often"}};
  bad["keeps"] = 3;
  const auto [code, sentence] = failure("", {.kind = Kind::Add, .settings = bad});
  CHECK(code == ErrorCode::BadParameters);
  CHECK(sentence.find("schedule.every: ") != std::string::npos);
  CHECK(sentence.find("keeps") != std::string::npos);
  CHECK(sentence.find("datasets[") == std::string::npos);
  CHECK(failure("", {.kind = Kind::Add, .settings = ordered_json::object()}).first ==
        ErrorCode::BadParameters);
  CHECK(failure(added(), {.kind = Kind::Add, .settings = shifts()}).first ==
        ErrorCode::BadParameters);
}

TEST_CASE("What a policy has set cannot be changed, and what it leaves open can") {
  const auto changed_under_policies = [](ordered_json settings) {
    return changed_user_file({.machine = kMachine,
                              .users = {{kSid, added()}},
                              .policies = {{"keep.last", std::int64_t{30}},
                                           {"datasets.shifts.schedule.daily", "12:00"},
                                           {"notify", "never"}}},
                             kSid, {.kind = Kind::Change, .id = "shifts", .settings = settings});
  };
  const auto refusal = [&](const ordered_json& settings) -> std::string {
    try {
      changed_under_policies(settings);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::BadParameters);
      return error.what();
    }
    return "It was done.";
  };
  constexpr const char* kEnd = ": A policy of your organisation sets it, and it cannot be changed.";
  CHECK(refusal({{"keep", {{"last", 5}}}}) == std::string("keep.last") + kEnd);
  CHECK(refusal({{"notify", "all"}}) == std::string("notify") + kEnd);
  CHECK(refusal({{"schedule", {{"every", "2h"}}}}) == std::string("schedule.daily") + kEnd);

  const std::string open = changed_under_policies(
      {{"keep", {{"daily", 5}}}, {"title", "Shifts"}, {"schedule", {{"daily", "18:30"}}}});
  CHECK(ordered_json::parse(open)["datasets"][0]["keep"]["daily"] == 5);
}

TEST_CASE("What policies have set otherwise than a new dataset asks for is told by its keys") {
  const auto overruled_by = [](const Policies& policies) {
    const ConfigSources sources{
        .machine = kMachine, .users = {{kSid, added()}}, .policies = policies};
    return overruled(merge_config(sources), kSid, shifts());
  };
  using Keys = std::vector<std::string>;
  CHECK(overruled_by({}).empty());
  CHECK(overruled_by({{"keep.last", std::int64_t{30}}, {"schedule.daily", "18:30"}}).empty());
  CHECK(overruled_by({{"schedule.daily", "12:00"}}) == Keys{"schedule.daily"});
  CHECK(overruled_by({{"schedule.every", "2h"}, {"destination.onedrive", "Safe"}}) ==
        Keys{"destination.onedrive", "schedule.every"});
}

TEST_CASE("Nobody can take the id or the database of one of the machine's datasets") {
  ordered_json same_id = shifts();
  same_id["id"] = "emr";
  CHECK(failure("", {.kind = Kind::Add, .settings = same_id}).second ==
        "id: The machine's dataset \"emr\" has this id already.");
  ordered_json same_database = shifts();
  same_database["database"] = R"(c:\DATA\clinic.db)";
  CHECK(failure("", {.kind = Kind::Add, .settings = same_database}).second ==
        "database: The machine's dataset \"emr\" has this database already.");
}

TEST_CASE("The id of a dataset stays, and what there is not can be neither changed nor removed") {
  CHECK(failure(added(), {.kind = Kind::Change, .id = "shifts", .settings = {{"id", "other"}}})
            .first == ErrorCode::BadParameters);
  CHECK(failure(added(), {.kind = Kind::Change, .id = "emr", .settings = {{"title", "x"}}}).first ==
        ErrorCode::NotFound);
  CHECK(failure("", {.kind = Kind::Remove, .id = "shifts", .settings = {}}).first ==
        ErrorCode::NotFound);
}

TEST_CASE("A user adds no more datasets than a person has") {
  std::string file;
  for (std::size_t i = 0; i < kMostDatasetsOfUser; ++i) {
    ordered_json next = shifts();
    next["id"] = "shifts-" + std::to_string(i);
    next["database"] = R"({localappdata}\)" + std::to_string(i) + ".db";
    file = changed(file, {.kind = Kind::Add, .settings = next});
  }
  CHECK(failure(file, {.kind = Kind::Add, .settings = shifts()}).first == ErrorCode::BadParameters);
}

TEST_CASE("A dataset that is wrong by now can be taken away, and one that is beside it stays") {
  const std::string file = R"({"version": 1, "datasets": [
    {"id": "emr", "database": "C:\\a.db", "destination": {"folder": "D:\\a"}},
    {"id": "b", "database": "C:\\b.db", "destination": {"folder": "D:\\b"}}]})";
  const std::string left = changed(file, {.kind = Kind::Remove, .id = "emr", .settings = {}});
  CHECK(ordered_json::parse(left)["datasets"].size() == 1);
  CHECK(ordered_json::parse(left)["datasets"][0]["id"] == "b");
}

TEST_CASE("What cannot be read is not written over") {
  for (const char* broken : {"", "{", "[]", R"({"version": 1})", R"({"datasets": [1]})"}) {
    CAPTURE(broken);
    const DatasetChange change{.kind = Kind::Add, .settings = shifts()};
    const ConfigSources sources{.machine = kMachine, .users = {{kSid, broken}}};
    try {
      changed_user_file(sources, kSid, change);
      FAIL("It was written over.");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::ConfigFaulty);
    }
    CHECK_THROWS_AS(changed_user_file({.machine = broken}, kSid, change), Error);
  }
}

TEST_CASE("Comments in a user's file do not keep it from being changed") {
  const std::string file = "// by hand\n" + added();
  const std::string after =
      changed(file, {.kind = Kind::Change, .id = "shifts", .settings = {{"title", "S"}}});
  CHECK(ordered_json::parse(after)["datasets"][0]["title"] == "S");
}

}  // namespace
}  // namespace holdfast
