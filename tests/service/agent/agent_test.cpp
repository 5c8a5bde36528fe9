#include "service/agent/agent.h"

#include <atomic>
#include <memory>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/service_connection.h"
#include "tests/support/database.h"
#include "tests/support/running_agent.h"

namespace holdfast {
namespace {

using nlohmann::json;

using Fixture = RunningAgent;

TEST_CASE_METHOD(Fixture, "The agent answers hello, status, service.info and subscribe") {
  agent.start();
  RawClient client(io, listener.connect());
  CHECK(client.ask(kHelloLine)["result"]["protocol"] == 1);
  clock.advance(std::chrono::seconds(5));
  const json status = client.ask(kStatusLine)["result"];
  CHECK(status["health"] == "none");
  CHECK(status["phase"] == "running");
  CHECK(status["as_of"] == "2026-11-20T10:00:05Z");
  const json info = client.ask(R"({"jsonrpc":"2.0","id":4,"method":"service.info"})")["result"];
  CHECK(info == json{{"version", "1.2.3"},
                     {"protocol", 1},
                     {"host", "CLINIC-PC"},
                     {"process_id", 42},
                     {"mode", "service"},
                     {"data_folder", "C:\\ProgramData\\Holdfast"},
                     {"started_at", "2026-11-20T10:00:00Z"}});
  CHECK(client.ask(kSubscribeLine)["result"] == status);
}

TEST_CASE_METHOD(Fixture,
                 "The agent tells its subscribers that it stops, and leaves no work behind") {
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  client.ask(kSubscribeLine);
  agent.stop(StopReason::Requested);
  CHECK(client.next()["params"]["phase"] == "stopping");
  CHECK(client.is_closed_by_service());
  io.restart();
  io.run_for(std::chrono::seconds(10));
  CHECK(io.stopped());
}

TEST_CASE_METHOD(Fixture, "Start and stop are one event each, however often a stop is asked for") {
  agent.start();
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::Started);
  CHECK(events.events[0].strings == std::vector<std::string>{"1.2.3", "service"});
  agent.stop(StopReason::Shutdown);
  agent.stop(StopReason::Requested);
  io.run();
  agent.report_stopped();
  REQUIRE(events.events.size() == 2);
  CHECK(events.events[1].id == EventId::Stopped);
  CHECK(events.events[1].strings == std::vector<std::string>{"Windows is shutting down"});
}

TEST_CASE_METHOD(Fixture,
                 "A backup that a client asks for is made at once, and told when it ends") {
  config = RunningAgent::kOneDataset;
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  const auto ask = [&client](const char* method, const json& params) {
    const json request = {{"jsonrpc", "2.0"}, {"id", 2}, {"method", method}, {"params", params}};
    return client.ask(request.dump())["result"];
  };
  const auto backed_up = [&ask] {
    const json run = ask("backup.start", {{"reason", "to be sure"}})["runs"][0];
    CHECK(run["dataset"] == "emr");
    json report;
    for (int i = 0; i < 1000 && report["state"] != "ended"; ++i) {
      report = ask("backup.run", {{"run", run["run"]}});
    }
    return report;
  };
  const json report = backed_up();
  CHECK(report["record"]["outcome"] == "verified");
  CHECK(report["record"]["reason"] == "to be sure");
  CHECK(client.ask(kStatusLine)["result"]["health"] == "protected");
  CHECK(backed_up()["record"]["outcome"] == "verified");
  CHECK(ask("history", json::object())["runs"].size() == 2);
}

TEST_CASE_METHOD(Fixture, "A request that makes no sense is refused, and says why") {
  config = RunningAgent::kOneDataset;
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  const auto code = [&](const char* method, const json& params) {
    const json request = {{"jsonrpc", "2.0"}, {"id", 2}, {"method", method}, {"params", params}};
    return client.ask(request.dump())["error"]["data"]["code"];
  };
  CHECK(code("backup.start", {{"dataset", "nothing"}}) == "not_found");
  CHECK(code("backup.start", {{"dataset", 7}}) == "bad_parameters");
  CHECK(code("backup.start", {{"wait", "yes"}}) == "bad_parameters");
  CHECK(code("backup.start", {{"reason", std::string(600, 'x')}}) == "bad_parameters");
  CHECK(code("backup.run", {{"run", -1}}) == "bad_parameters");
  CHECK(code("backup.run", {{"run", 99}}) == "not_found");
  CHECK(code("backup.cancel", json::object()) == "bad_parameters");
  CHECK(code("history", {{"limit", 0}}) == "bad_parameters");
  CHECK(code("retention.preview", {{"dataset", "nothing"}}) == "not_found");
  CHECK(code("counts.accept", {{"dataset", "emr"}}) == "access_denied");
}

TEST_CASE_METHOD(Fixture, "A configuration is reloaded when it is asked for, and a fault is told") {
  listener.is_administrator = true;
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  constexpr const char* kReload = R"({"jsonrpc":"2.0","id":2,"method":"config.reload"})";
  config = RunningAgent::kOneDataset;
  CHECK(client.ask(kReload)["result"]["fault"] == "");
  CHECK(client.ask(kStatusLine)["result"]["datasets"][0]["id"] == "emr");
  config = "{";
  CHECK(client.ask(kReload)["result"]["fault"].get<std::string>().starts_with("config.json:1:"));
  const json status = client.ask(kStatusLine)["result"];
  CHECK(status["datasets"][0]["id"] == "emr");
  CHECK(status["faults"].size() == 1);
}

TEST_CASE_METHOD(Fixture, "At a shutdown what is configured so is backed up once more") {
  config = RunningAgent::kOneDataset;
  config.insert(config.rfind('}', config.size() - 3), R"(, "triggers": ["shutdown"])");
  agent.start();
  agent.stop(StopReason::Shutdown);
  io.run();
  CHECK(work.disk["D:\\backups"].size() == 1);
}

TEST_CASE_METHOD(Fixture, "Nobody cancels what somebody else asked for, but an administrator") {
  config = RunningAgent::kOneDataset;
  std::atomic<bool> may_end = false;
  work.before_backup = [&may_end](const BackupJob&) {
    while (!may_end) std::this_thread::yield();
  };
  agent.start();
  constexpr const char* kStart = R"({"jsonrpc":"2.0","id":2,"method":"backup.start"})";
  constexpr const char* kCancel =
      R"({"jsonrpc":"2.0","id":3,"method":"backup.cancel","params":{"dataset":"emr"}})";
  const auto client_of = [this](const std::string& user) {
    listener.next_user = user;
    auto client = std::make_unique<RawClient>(io, listener.connect());
    client->ask(kHelloLine);
    return client;
  };
  const auto anna = client_of("S-1-5-21-1");
  const auto bert = client_of("S-1-5-21-2");
  listener.is_administrator = true;
  const auto administrator = client_of("S-1-5-21-3");

  anna->ask(kStart);
  CHECK(bert->ask(kCancel)["error"]["data"]["code"] == "access_denied");
  CHECK(anna->ask(kCancel)["result"]["cancelled"] == true);
  anna->ask(kStart);
  CHECK(administrator->ask(kCancel)["result"]["cancelled"] == true);
  may_end = true;
  agent.stop(StopReason::Requested);
  io.run();
}

TEST_CASE_METHOD(Fixture, "Monitoring finds in a file what clients are told, also of the end") {
  config = RunningAgent::kOneDataset;
  const auto of_file = [this] { return json::parse(file_content(folder.path() / "status.json")); };
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  CHECK(of_file() == client.ask(kStatusLine)["result"]);
  agent.stop(StopReason::Requested);
  CHECK(of_file()["phase"] == "stopping");
}

TEST_CASE_METHOD(Fixture, "A surprise in what is due does not end the service") {
  config = RunningAgent::kOneDataset;
  config.replace(config.find(R"({"manual": true})"), 16, R"({"daily": "12:00"})");
  zone.is_faulty = true;
  agent.start();
  io.poll();
  zone.is_faulty = false;
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  CHECK(client.ask(kStatusLine)["result"]["datasets"][0]["next_run"].is_string());
}

}  // namespace
}  // namespace holdfast
