#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "service/agent/method_rights.h"
#include "tests/support/database.h"
#include "tests/support/running_agent.h"

namespace holdfast {
namespace {

using nlohmann::json;

struct Fixture : RunningAgent {
  Fixture() {
    config = kOneDataset;
    listener.is_administrator = true;
    agent.start();
    client.emplace(io, listener.connect());
    client->ask(kHelloLine);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() {
    may_end = true;
    agent.stop(StopReason::Requested);
    io.restart();
    io.run();
  }

  json result(std::string_view method, const json& params = json::object()) {
    return client->call(method, params)["result"];
  }
  std::string code(std::string_view method, const json& params = json::object()) {
    return client->call(method, params).at("error").at("data").at("code");
  }
  // The name of the archive that it made.
  std::string back_up() {
    clock.advance(std::chrono::seconds(60));
    const json run = result("backup.start", {{"dataset", "emr"}})["runs"][0]["run"];
    return result("backup.wait", {{"run", run}})["record"]["archive"];
  }
  // What follows a backup; to read an archive waits for that.
  void wait_for_upkeep(const std::string& archive) {
    result("archive.verify", {{"dataset", "emr"}, {"archive", archive}});
  }
  // What was told by itself, of this kind.
  std::vector<json> told(std::string_view method) {
    std::vector<json> found;
    for (const json& message : client->told) {
      if (message["method"] == method) found.push_back(message["params"]);
    }
    return found;
  }

  // Until they may end.
  void hold_backups() {
    work.before_backup = [this](const BackupJob&) {
      while (!may_end) std::this_thread::yield();
    };
  }

  std::atomic<bool> may_end = false;
  std::optional<RawClient> client;
};

TEST_CASE_METHOD(Fixture,
                 "Who waits for a run learns of its end, and may ask other things before") {
  hold_backups();
  const json run = result("backup.start", {{"dataset", "emr"}, {"reason", "to be sure"}});
  const json wait = {{"jsonrpc", "2.0"},
                     {"id", "wait"},
                     {"method", "backup.wait"},
                     {"params", {{"run", run["runs"][0]["run"]}}}};
  client->send(wait.dump() + "\n");
  CHECK(result("status")["datasets"][0]["health"] == "none");
  CHECK(client->told.empty());
  may_end = true;
  const json answer = client->next();
  CHECK(answer["id"] == "wait");
  CHECK(answer["result"]["state"] == "ended");
  CHECK(answer["result"]["record"]["outcome"] == "verified");
  CHECK(answer["result"]["record"]["reason"] == "to be sure");
  CHECK(code("backup.wait", {{"run", 99}}) == "not_found");
}

TEST_CASE_METHOD(Fixture, "A stop answers those who wait for what it breaks off") {
  hold_backups();
  const json first = result("backup.start", {{"dataset", "emr"}})["runs"][0]["run"];
  // Once it has begun, whatever is asked for before something destructive is another run.
  json report;
  for (int i = 0; i < 100'000 && report["state"] != "running"; ++i) {
    report = result("backup.run", {{"run", first}});
  }
  const json second = result("backup.start", {{"dataset", "emr"}, {"wait", true}});
  const json wait = {{"jsonrpc", "2.0"},
                     {"id", "wait"},
                     {"method", "backup.wait"},
                     {"params", {{"run", second["runs"][0]["run"]}}}};
  client->send(wait.dump() + "\n");
  result("status");
  agent.stop(StopReason::Requested);
  const json answer = client->next();
  may_end = true;
  CHECK(answer["id"] == "wait");
  CHECK(answer["result"]["record"]["outcome"] == "cancelled");
}

TEST_CASE_METHOD(Fixture,
                 "Subscribers learn how a run comes along, and what the Event Log is told") {
  result("subscribe");
  const std::string archive = back_up();
  result("status");
  const auto progress = told("progress");
  REQUIRE(progress.size() >= 2);
  CHECK(progress.front()["state"] == "running");
  CHECK(progress.front()["dataset"] == "emr");
  const json& end = progress.back()["state"] == "ended" ? progress.back() : progress[1];
  CHECK(end["record"]["archive"] == archive);
  const auto notices = told("notice");
  REQUIRE(notices.size() == 1);
  CHECK(notices[0]["event"] == 1100);
  CHECK(notices[0]["severity"] == "information");
  CHECK(notices[0]["dataset"] == "emr");
  CHECK(notices[0]["text"].get<std::string>().starts_with("EMR was backed up and verified: "));
  CHECK(notices[0]["strings"].size() == 3);
}

TEST_CASE_METHOD(Fixture, "History comes in pages, and only what was asked for") {
  for (int i = 0; i < 5; ++i) back_up();
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some space.");
  };
  const std::string before_failure = utc_text(clock.now() + std::chrono::seconds(30));
  result("backup.wait", {{"run", result("backup.start", {{"dataset", "emr"}})["runs"][0]["run"]}});

  std::vector<json> all;
  json page = result("history", {{"limit", 2}});
  for (;; page = result("history", {{"limit", 2}, {"before", page["next"]}})) {
    CHECK(page["runs"].size() <= 2);
    all.insert(all.end(), page["runs"].begin(), page["runs"].end());
    if (!page["more"].get<bool>()) break;
  }
  CHECK(all.size() == 6);
  CHECK(json(all) == result("history")["runs"]);
  CHECK(std::ranges::is_sorted(all, std::greater(), [](const json& run) { return run["id"]; }));
  CHECK(result("history", {{"outcome", "failed"}})["runs"].size() == 1);
  CHECK(result("history", {{"outcome", "verified"}})["runs"].size() == 5);
  CHECK(result("history", {{"since", before_failure}})["runs"].empty());
  CHECK(result("history", {{"since", "2026-11-20T10:05:00Z"}})["runs"].size() == 2);
  CHECK(result("history", {{"dataset", "emr"}, {"outcome", "unchanged"}})["runs"].empty());
  CHECK(code("history", {{"outcome", "good"}}) == "bad_parameters");
  CHECK(code("history", {{"since", "yesterday"}}) == "bad_parameters");
  CHECK(code("history", {{"before", "x"}}) == "bad_parameters");
}

TEST_CASE_METHOD(Fixture,
                 "A restore, its undo and a drill are asked for, and waited for like a backup") {
  const std::string archive = back_up();
  const auto outcome_of = [&](const json& run) {
    return result("backup.wait", {{"run", run}})["record"];
  };
  const json restored =
      outcome_of(result("restore.start", {{"dataset", "emr"}, {"archive", archive}})["run"]);
  CHECK(restored["kind"] == "restore");
  CHECK(restored["outcome"] == "verified");
  CHECK(restored["source"] == archive);
  const json undo = result("restore.undo", {{"dataset", "emr"}});
  CHECK(undo["archive"] == restored["archive"]);
  CHECK(outcome_of(undo["run"])["cause"] == "undo");
  const json drills = result("drill.start", {{"dataset", "emr"}, {"archive", archive}})["runs"];
  REQUIRE(drills.size() == 1);
  CHECK(outcome_of(drills[0]["run"])["kind"] == "drill");
  CHECK(result("history", {{"kind", "restore"}})["runs"].size() == 2);
  CHECK(code("history", {{"kind", "party"}}) == "bad_parameters");
  CHECK(code("restore.start", {{"dataset", "emr"}, {"archive", "../x.zip"}}) == "not_found");
  CHECK(code("run.cancel", {{"run", drills[0]["run"]}}) == "not_found");
}

TEST_CASE_METHOD(Fixture, "Who is no administrator neither restores nor looks into an archive") {
  const std::string archive = back_up();
  listener.is_administrator = false;
  client.emplace(io, listener.connect());
  client->ask(kHelloLine);
  for (const char* method : {"restore.start", "archive.preview"}) {
    CHECK(code(method, {{"dataset", "emr"}, {"archive", archive}}) == "access_denied");
  }
  CHECK(code("restore.undo", {{"dataset", "emr"}}) == "access_denied");
  CHECK(work.restores.empty());
}

TEST_CASE_METHOD(Fixture, "A preview of endless names still is an answer") {
  const std::string archive = back_up();
  json tables = json::array();
  for (int i = 0; i < 200; ++i) tables.push_back({{"table", std::string(1000, 'x')}});
  work.preview_told = {{"tables", tables}, {"tables_total", 200}};
  const json preview = result("archive.preview", {{"dataset", "emr"}, {"archive", archive}});
  CHECK(preview["archive"] == archive);
  CHECK(preview["tables_total"] == 200);
  CHECK(preview["tables"].size() < 60);
}

TEST_CASE_METHOD(Fixture, "The archives of a dataset are listed in pages, the newest first") {
  std::vector<std::string> made;
  for (int i = 0; i < 3; ++i) made.insert(made.begin(), back_up());
  const json first = result("archive.list", {{"dataset", "emr"}, {"limit", 2}});
  CHECK(first["total"] == 3);
  CHECK(first["more"] == true);
  CHECK(first["archives"][0]["archive"] == made[0]);
  CHECK(first["archives"][0]["check"] == "verified");
  CHECK(first["archives"][0]["host"] == "CLINIC-PC");
  const json second = result("archive.list", {{"dataset", "emr"}, {"offset", first["next"]}});
  CHECK(second["more"] == false);
  CHECK(second["archives"].size() == 1);
  CHECK(second["archives"][0]["archive"] == made[2]);
  CHECK(code("archive.list") == "bad_parameters");
}

TEST_CASE_METHOD(Fixture, "A copy that OneDrive made is listed with what it is a copy of") {
  const std::string archive = back_up();
  wait_for_upkeep(archive);
  auto& disk = work.disk["D:\\backups"];
  const std::string copy = archive.substr(0, archive.size() - 4) + "-LAPTOP.zip";
  disk[copy] = disk.at(archive);
  disk[copy].content = "another";
  back_up();
  wait_for_upkeep(archive);
  const json listed = result("archive.list", {{"dataset", "emr"}})["archives"];
  const auto found =
      std::ranges::find_if(listed, [&](const json& each) { return each.at("archive") == copy; });
  REQUIRE(found != listed.end());
  CHECK(found->at("conflict_of") == archive);
  CHECK(found->at("same_content") == false);
  CHECK(found->at("host") == "CLINIC-PC");
  CHECK_FALSE(listed.at(0).contains("conflict_of"));
  CHECK_FALSE(listed.at(0).contains("same_content"));
}

TEST_CASE_METHOD(Fixture, "An archive is deleted for a person, but never the newest verified one") {
  const std::string old = back_up();
  const std::string newest = back_up();
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", newest}}) == "archive_needed");
  CHECK(work.disk["D:\\backups"].contains(newest));
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", "../" + old}}) == "not_found");
  CHECK(result("archive.delete", {{"dataset", "emr"}, {"archive", old}})["deleted"] == old);
  CHECK_FALSE(work.disk["D:\\backups"].contains(old));
  CHECK(result("archive.list", {{"dataset", "emr"}})["total"] == 1);
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", old}}) == "not_found");
  REQUIRE(events.events.back().id == EventId::ArchiveDeleted);
  CHECK(events.events.back().strings == std::vector<std::string>{"EMR", old, listener.next_user});
}

TEST_CASE_METHOD(Fixture, "A deletion goes by what the folder holds, not by the catalog alone") {
  const std::string old = back_up();
  const std::string newest = back_up();
  wait_for_upkeep(newest);
  work.disk["D:\\backups"].erase(newest);
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", old}}) == "archive_needed");
  CHECK(work.disk["D:\\backups"].contains(old));
  work.scan_failure = Error(ErrorCode::SystemCallFailed, "The drive is gone.", "Connect it.");
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", old}}) == "system_call_failed");
}

TEST_CASE_METHOD(Fixture,
                 "While nothing can be recorded nothing is deleted, and what was read is told") {
  const std::string old = back_up();
  const std::string newest = back_up();
  wait_for_upkeep(newest);
  const SqliteConnection other = open_database(folder.path() / "catalog.db");
  execute(other.get(), "BEGIN EXCLUSIVE");
  work.disk["D:\\backups"].erase(newest);
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", old}}) == "system_call_failed");
  CHECK(work.disk["D:\\backups"].contains(old));
  work.broken_archives.insert(old);
  CHECK(result("archive.verify", {{"dataset", "emr"}, {"archive", old}})["check"] == "broken");
  execute(other.get(), "ROLLBACK");
}

TEST_CASE_METHOD(Fixture, "An archive is read for whoever asks, and what was found is recorded") {
  const std::string old = back_up();
  const std::string newest = back_up();
  const json good = result("archive.verify", {{"dataset", "emr"}, {"archive", old}});
  CHECK(good["archive"] == old);
  CHECK(good["check"] == "verified");
  work.broken_archives.insert(old);
  CHECK(result("archive.verify", {{"dataset", "emr"}, {"archive", old}})["check"] == "broken");
  CHECK(result("archive.list", {{"dataset", "emr"}})["archives"][1]["check"] == "broken");
  CHECK(code("archive.verify", {{"dataset", "emr"}, {"archive", "none.zip"}}) == "not_found");
}

TEST_CASE_METHOD(Fixture, "Who is no administrator deletes nothing of the machine's") {
  const std::string old = back_up();
  back_up();
  listener.is_administrator = false;
  listener.next_user = "S-1-5-21-2";
  client.emplace(io, listener.connect());
  client->ask(kHelloLine);
  CHECK(code("archive.delete", {{"dataset", "emr"}, {"archive", old}}) == "access_denied");
  CHECK(work.disk["D:\\backups"].contains(old));
  CHECK(events.events.back().id == EventId::RequestRefused);
  CHECK(result("archive.verify", {{"dataset", "emr"}, {"archive", old}})["check"] == "verified");
}

json shifts() {
  return {{"id", "shifts"},
          {"title", "Shifts"},
          {"database", "C:\\Shifts\\shifts.db"},
          {"destination", {{"folder", "D:\\Shifts"}}}};
}

struct UserFixture : Fixture {
  // Somebody else at the other end.
  void come_as(const std::string& user) {
    listener.is_administrator = false;
    listener.next_user = user;
    client.emplace(io, listener.connect());
    client->ask(kHelloLine);
  }
  // What comes about by itself.
  static void wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 100'000 && !condition(); ++i) std::this_thread::yield();
    CHECK(condition());
  }
  std::vector<std::string> listed() {
    const json answer = result("datasets.list");
    std::vector<std::string> keys;
    for (const json& dataset : answer["datasets"]) keys.push_back(dataset["dataset"]);
    return keys;
  }
};

TEST_CASE_METHOD(UserFixture, "A user adds, changes and removes datasets that no other user sees") {
  come_as("S-1-5-21-7");
  const std::string key = result("datasets.add", {{"settings", shifts()}})["dataset"];
  CHECK(key == "shifts@S-1-5-21-7");
  CHECK(listed() == std::vector<std::string>{"emr", key});
  CHECK(result("datasets.change",
               {{"dataset", key}, {"settings", {{"title", "Mine"}}}})["dataset"] == key);
  const json mine = result("datasets.list", {{"offset", 1}})["datasets"][0];
  CHECK(mine["title"] == "Mine");
  CHECK(mine["owner"] == "S-1-5-21-7");
  CHECK(mine["database"] == "C:\\Shifts\\shifts.db");
  CHECK(mine["enabled"] == true);

  come_as("S-1-5-21-8");
  CHECK(listed() == std::vector<std::string>{"emr"});
  CHECK(code("datasets.change", {{"dataset", key}, {"settings", {{"title", "X"}}}}) ==
        "access_denied");
  CHECK(code("datasets.remove", {{"dataset", key}}) == "access_denied");
  // The same id is another dataset.
  CHECK(result("datasets.add", {{"settings", shifts()}})["dataset"] == "shifts@S-1-5-21-8");

  come_as("S-1-5-21-7");
  CHECK(result("datasets.remove", {{"dataset", key}})["removed"] == key);
  CHECK(listed() == std::vector<std::string>{"emr"});
  CHECK(code("datasets.remove", {{"dataset", key}}) == "not_found");
}

TEST_CASE_METHOD(UserFixture,
                 "One that is switched off is still its user's, and can be switched on") {
  come_as("S-1-5-21-7");
  const std::string key = result("datasets.add", {{"settings", shifts()}})["dataset"];
  result("datasets.change", {{"dataset", key}, {"settings", {{"enabled", false}}}});
  CHECK(result("datasets.list")["datasets"][1]["enabled"] == false);
  CHECK(result("status")["datasets"].size() == 1);
  result("datasets.change", {{"dataset", key}, {"settings", {{"enabled", true}}}});
  CHECK(result("status")["datasets"].size() == 2);
}

TEST_CASE_METHOD(UserFixture, "What a user has waits until that user signs in, and says so") {
  come_as("S-1-5-21-7");
  const std::string key = result("datasets.add", {{"settings", shifts()}})["dataset"];
  CHECK(result("datasets.list")["datasets"][1]["waits"] == "Waits until S-1-5-21-7 signs in.");
  CHECK(code("backup.start", {{"dataset", key}}) == "not_found");
  CHECK(work.jobs.empty());

  sign_in("S-1-5-21-7", "anna");
  wait_for([this] { return !result("datasets.list")["datasets"][1].contains("waits"); });
  // Users need not say that they mean their own.
  const json run = result("backup.start", {{"dataset", "shifts"}})["runs"][0];
  CHECK(result("backup.wait", {{"run", run["run"]}})["record"]["outcome"] == "verified");
  CHECK(work.jobs.at(0).request.user == "anna");

  sign_out();
  wait_for([this] { return result("datasets.list")["datasets"][1].contains("waits"); });
  // Once what ran for them has come to its end.
  wait_for([this] {
    return result("status")["datasets"][1]["headline"].get<std::string>().ends_with(
        "Waits until S-1-5-21-7 signs in.");
  });
  CHECK(result("archive.list", {{"dataset", key}})["archives"].size() == 1);
}

TEST_CASE_METHOD(UserFixture, "Whoever signs out has their data backed up once more") {
  config = R"({"version": 1, "datasets": []})";
  result("config.reload");
  come_as("S-1-5-21-7");
  json settings = shifts();
  settings["schedule"] = {{"manual", true}};
  settings["drill_every"] = "never";
  settings["triggers"] = {"sign-out"};
  const std::string key = result("datasets.add", {{"settings", settings}})["dataset"];
  sign_in("S-1-5-21-7", "anna");
  wait_for([this] { return !result("datasets.list")["datasets"][0].contains("waits"); });
  REQUIRE(result("archive.list", {{"dataset", key}})["archives"].empty());

  sign_out();
  wait_for([&] { return result("archive.list", {{"dataset", key}})["archives"].size() == 1; });
  CHECK(work.jobs.at(0).request.user == "anna");
  CHECK(result("history", {{"dataset", key}})["runs"][0]["cause"] == "sign_out");
}

TEST_CASE_METHOD(UserFixture, "Of a dataset that each user has, users see and restore their own") {
  config = R"({"version": 1, "datasets": [{"id": "notes", "title": "Notes",
  "database": "{localappdata}\\notes.db", "destination": {"folder": "D:\\backups"},
  "schedule": {"manual": true}, "drill_every": "never"}]})";
  agent.signed_in();
  result("config.reload");
  sign_in("S-1-5-21-7", "anna");
  wait_for([this] { return listed() == std::vector<std::string>{"notes@S-1-5-21-7"}; });
  come_as("S-1-5-21-7");
  CHECK(listed() == std::vector<std::string>{"notes@S-1-5-21-7"});
  const json run = result("backup.start", {{"dataset", "notes"}})["runs"][0]["run"];
  const std::string archive = result("backup.wait", {{"run", run}})["record"]["archive"];
  CHECK(work.disk["D:\\backups/anna"].contains(archive));
  const json restore = result("restore.start", {{"dataset", "notes"}, {"archive", archive}})["run"];
  CHECK(result("backup.wait", {{"run", restore}})["record"]["outcome"] == "verified");

  come_as("S-1-5-21-8");
  CHECK(listed().empty());
  CHECK(result("status")["datasets"].empty());
  CHECK(code("restore.start", {{"dataset", "notes@S-1-5-21-7"}, {"archive", archive}}) ==
        "access_denied");
}

TEST_CASE_METHOD(UserFixture, "A run of one's own opens nobody else's dataset, nor the machine's") {
  const std::string archive = back_up();
  come_as("S-1-5-21-7");
  const std::string annas = result("datasets.add", {{"settings", shifts()}})["dataset"];
  come_as("S-1-5-21-8");
  const std::string bens = result("datasets.add", {{"settings", shifts()}})["dataset"];
  sign_in("S-1-5-21-8", "ben");
  wait_for([this] { return !result("datasets.list")["datasets"][1].contains("waits"); });
  const json run = result("backup.start", {{"dataset", bens}})["runs"][0]["run"];
  result("backup.wait", {{"run", run}});

  const Caller ben{.user_sid = "S-1-5-21-8"};
  for (const MethodRight& right : method_rights()) {
    // These are about the run, whatever else they are told.
    if (right.subject == MethodSubject::Run) continue;
    for (const std::string& key : {std::string("emr"), annas}) {
      if (may_call(right.method, ben, dataset_owner(key))) continue;
      CAPTURE(right.method, key);
      CHECK(code(right.method, {{"dataset", key},
                                {"archive", archive},
                                {"settings", {{"title", "Mine"}}},
                                {"run", run}}) == "access_denied");
    }
  }
  CHECK(result("backup.run", {{"dataset", annas}, {"run", run}})["dataset"] == bens);
  CHECK(work.restores.empty());
  CHECK(work.removed.empty());
}

TEST_CASE_METHOD(UserFixture, "The machine's datasets stand in a file that only people change") {
  CHECK(code("datasets.change", {{"dataset", "emr"}, {"settings", json::object()}}) ==
        "bad_parameters");
  CHECK(code("datasets.remove", {{"dataset", "emr"}}) == "bad_parameters");
  CHECK(code("datasets.add", {{"settings", "x"}}) == "bad_parameters");
  CHECK(users.empty());
  come_as("S-1-5-21-7");
  CHECK(code("datasets.remove", {{"dataset", "emr"}}) == "access_denied");
}

TEST_CASE_METHOD(UserFixture, "An administrator mends what a user added") {
  come_as("S-1-5-21-7");
  const std::string key = result("datasets.add", {{"settings", shifts()}})["dataset"];
  come_as("S-1-5-21-9");
  listener.is_administrator = true;
  client.emplace(io, listener.connect());
  client->ask(kHelloLine);
  CHECK(result("datasets.remove", {{"dataset", key}})["removed"] == key);
  CHECK(users.size() == 1);
}

}  // namespace
}  // namespace holdfast
