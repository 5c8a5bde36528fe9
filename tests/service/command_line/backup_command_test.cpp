#include "service/command_line/backup_command.h"

#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// Of each run what is told while somebody waits, and its last word.
struct RunScript {
  std::vector<json> progress;
  std::optional<json> end;  // nothing: whoever waits is not answered
  std::function<void()> then = [] {};
};

void follow(ScriptedService& service, const RunScript& script) {
  const json wait = service.receive();
  for (json report : script.progress) {
    report["run"] = wait["params"]["run"];
    service.send(notification_line(method::kProgress, report));
  }
  // Whoever waits looks at what was told before the answer.
  std::this_thread::sleep_for(script.progress.empty() ? 0ms : 250ms);
  script.then();
  if (script.end) {
    service.send(result_line(wait["id"], *script.end));
  } else {
    service.answer({{"state", "running"}});
  }
}

json running() {
  return {{"state", "running"}, {"phase", "reading"}, {"done_bytes", 1}, {"total_bytes", 2}};
}
json ended() {
  return {{"state", "ended"}, {"record", {{"dataset", "emr"}, {"outcome", "verified"}}}};
}
json run_of(const std::string& dataset, int number) {
  return {{"dataset", dataset}, {"run", number}};
}
const json kBegun = json::array({run_of("emr", 7), run_of("lab", 8)});

// Begins these runs, and tells of those that are waited for.
ScriptedService::Script begins(const json& runs, const std::vector<RunScript>& scripts) {
  return [=](ScriptedService& service) {
    service.greet();
    service.answer({{"runs", runs}});
    service.answer(json::object());
    for (const RunScript& script : scripts) follow(service, script);
  };
}

// `backup --wait` with services that come one after the other.
struct Waiting {
  json wait(const std::stop_token& stop = {}) {
    std::ostringstream out;
    return wait_for_backups(client, {{"wait", true}, {"reason", "why"}}, is_watched, {out, err},
                            stop);
  }

  ProgressLine::Watched is_watched = ProgressLine::Watched::No;
  std::ostringstream err;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  ScriptedServices services;
  ServiceClient client{[this] { return services.connect(); }, clock};
};

TEST_CASE_METHOD(Waiting,
                 "backup --wait returns when all runs have ended, and shows how far each is") {
  is_watched = ProgressLine::Watched::Yes;
  services.add(begins(kBegun, {{.progress = {running()}, .end = ended()}, {.end = ended()}}));
  const json runs = wait();
  CHECK(runs[0]["record"]["outcome"] == "verified");
  CHECK(runs[1]["state"] == "ended");
  CHECK(err.str().find("1/2 emr waiting") != std::string::npos);
  CHECK(err.str().find("1/2 emr reading") != std::string::npos);
  CHECK(err.str().find('\n') == std::string::npos);
}

TEST_CASE_METHOD(Waiting, "Ctrl+C ends the wait of backup --wait, not the backups") {
  std::stop_source stop;
  services.add(begins(
      kBegun, {{.progress = {running()}, .end = {}, .then = [&stop] { stop.request_stop(); }}}));
  const json runs = wait(stop.get_token());
  CHECK(runs[0]["state"] == "running");
  CHECK_FALSE(runs[1].contains("state"));
  CHECK(err.str().empty());

  const BackupReport told = backup_report(runs, AskedTo::Wait, {});
  CHECK(told.code == ExitCode::Detached);
  CHECK(told.out.empty());
  CHECK(told.err ==
        "holdfast: No longer waiting: the backup goes on in the service; \"holdfast history\" "
        "will tell how it ended.\n");
}

TEST_CASE_METHOD(Waiting, "What a service took with it is asked for anew once it is back") {
  json asked;
  services.add(begins(kBegun, {{.end = ended()}}));
  services.add([&asked](ScriptedService& service) {
    service.greet();
    asked = service.receive();
    service.send(result_line(asked["id"], {{"runs", json::array({run_of("lab", 1)})}}));
    service.answer(json::object());
    follow(service, {.end = ended()});
  });
  const json runs = wait();
  CHECK(asked["params"] == json{{"dataset", "lab"}, {"wait", true}, {"reason", "why"}});
  CHECK(runs[0]["run"] == 7);
  CHECK(runs[1]["run"] == 1);
  CHECK(backup_report(runs, AskedTo::Wait, {}).code == ExitCode::Success);
}

TEST_CASE_METHOD(Waiting,
                 "A dataset that a service no longer has when it is back was not backed up") {
  services.add(begins(kBegun, {{.end = ended()}}));
  services.add([](ScriptedService& service) {
    service.greet();
    service.send(error_line(service.receive()["id"], {ErrorCode::NotFound, "No lab.", ""}));
    service.answer(json::object());
  });
  const json runs = wait();
  CHECK(runs[1]["code"] == "not_found");
  CHECK(backup_report(runs, AskedTo::Wait, {}).code == ExitCode::Failed);
}

TEST_CASE_METHOD(Waiting, "A service that falls again and again is asked three times more") {
  for (int i = 0; i < 10; ++i) services.add(begins(json::array({run_of("emr", 1)}), {}));
  CHECK_THROWS_AS(wait(), Error);
  CHECK(services.connected() == 4);
}

TEST_CASE("Of several backups each is told as it ended, and one that failed is the exit code") {
  const json refused = {{"dataset", "lab"}, {"code", "not_found"}, {"sentence", "No\nsuch file."}};
  json verified = ended();
  verified["dataset"] = "emr";
  verified["record"]["archive"] = "emr_1.zip";
  const BackupReport told = backup_report(json::array({verified, refused}), AskedTo::Wait, {});
  CHECK(told.code == ExitCode::Failed);
  CHECK(told.out == "Verified: emr_1.zip (emr)\n");
  CHECK(told.err == "holdfast: lab: No?such file.\n");
  CHECK(backup_report(json::array({verified}), AskedTo::Wait, {}).code == ExitCode::Success);
  const BackupReport asked = backup_report(kBegun, AskedTo::Begin, {});
  CHECK(asked.code == ExitCode::Success);
  CHECK(asked.out == "Asked for: emr\nAsked for: lab\n");
}

TEST_CASE("A command that needs the service tells in one line, and as JSON, that it is away") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"status"},
                                                {"backup", "--wait"},
                                                {"history"},
                                                {"accept", "emr"},
                                                {"retention", "emr", "--dry-run"}}) {
    CAPTURE(words);
    std::vector<std::string> arguments = words;
    arguments.emplace_back("--json");
    std::ostringstream out;
    std::ostringstream err;
    CHECK(run_command_line(arguments, all_commands({}), {out, err}) ==
          ExitCode::ServiceNotReachable);
    CHECK(nlohmann::json::parse(out.str())["error"]["code"] == "service_unreachable");
    CHECK(err.str().find('\n') == err.str().size() - 1);
  }
}

}  // namespace
}  // namespace holdfast
