#include "service/command_line/backup_command.h"

#include <unistd.h>

#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "common/protocol/messages.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"
#include "tests/support/connected_pair.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// A service that tells of each run what the script says, and answers its last word.
class ReportingService {
 public:
  struct Script {
    std::vector<json> progress;
    std::optional<json> end;  // nothing: whoever waits is not answered
    std::function<void()> then = [] {};
  };

  explicit ReportingService(std::vector<Script> scripts)
      : pair_(connected_pair()), thread_([this, scripts = std::move(scripts)] {
          answer(next(), {{"protocol", kProtocolVersion}, {"service", "1"}});
          answer(next(), json::object());
          for (const Script& script : scripts) follow(script);
          ::close(pair_.service);
        }) {}

  PipeStream::native_handle_type client_end() const { return pair_.client; }

 private:
  void follow(const Script& script) {
    const json wait = next();
    for (json report : script.progress) {
      report["run"] = wait["params"]["run"];
      send(notification_line(method::kProgress, report));
    }
    // Whoever waits looks at what was told before the answer.
    std::this_thread::sleep_for(script.progress.empty() ? 0ms : 250ms);
    script.then();
    answer(script.end ? wait : next(), script.end.value_or(json{{"state", "running"}}));
  }
  json next() {
    std::string line;
    for (char byte = 0; ::read(pair_.service, &byte, 1) == 1 && byte != '\n';) line += byte;
    return line.empty() ? json::object() : json::parse(line);
  }
  void answer(const json& question, const json& result) {
    if (question.contains("id")) send(result_line(question.at("id"), result));
  }
  void send(const std::string& line) {
    [[maybe_unused]] const auto sent =
        ::send(pair_.service, line.data(), line.size(), MSG_NOSIGNAL);
  }

  ConnectedPair pair_;
  std::jthread thread_;
};

json running() {
  return {{"state", "running"}, {"phase", "reading"}, {"done_bytes", 1}, {"total_bytes", 2}};
}
json ended() {
  return {{"state", "ended"}, {"record", {{"dataset", "emr"}, {"outcome", "verified"}}}};
}
json begun() {
  return json::array({{{"dataset", "emr"}, {"run", 7}}, {{"dataset", "lab"}, {"run", 8}}});
}

struct Waited {
  json runs;
  std::string err;
};

Waited waited(const ReportingService& service, ProgressLine::Watched is_watched,
              const std::stop_token& stop) {
  ServiceConnection connection(service.client_end(), "test", 5s);
  std::ostringstream out;
  std::ostringstream err;
  json runs = wait_for_runs(connection, begun(), is_watched, {out, err}, stop);
  return {std::move(runs), err.str()};
}

TEST_CASE("backup --wait returns when all runs have ended, and shows how far each is") {
  const ReportingService service({{.progress = {running()}, .end = ended()}, {.end = ended()}});
  const Waited outcome = waited(service, ProgressLine::Watched::Yes, {});
  CHECK(outcome.runs[0]["record"]["outcome"] == "verified");
  CHECK(outcome.runs[1]["state"] == "ended");
  CHECK(outcome.err.find("1/2 emr waiting") != std::string::npos);
  CHECK(outcome.err.find("1/2 emr reading") != std::string::npos);
  CHECK(outcome.err.find('\n') == std::string::npos);
}

TEST_CASE("Ctrl+C ends the wait of backup --wait, not the backups") {
  std::stop_source stop;
  const ReportingService service(
      {{.progress = {running()}, .end = {}, .then = [&stop] { stop.request_stop(); }}});
  const Waited outcome = waited(service, ProgressLine::Watched::No, stop.get_token());
  CHECK(outcome.runs[0]["state"] == "running");
  CHECK_FALSE(outcome.runs[1].contains("state"));
  CHECK(outcome.err.empty());

  const BackupReport told = backup_report(outcome.runs, AskedTo::Wait, {});
  CHECK(told.code == ExitCode::Detached);
  CHECK(told.out.empty());
  CHECK(told.err ==
        "holdfast: No longer waiting: the backup goes on in the service; \"holdfast history\" "
        "will tell how it ended.\n");
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
  const BackupReport asked = backup_report(begun(), AskedTo::Begin, {});
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
