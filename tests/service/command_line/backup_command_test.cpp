#include "service/command_line/backup_command.h"

#include <unistd.h>

#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/all_commands.h"
#include "service/command_line/command_line.h"
#include "tests/support/connected_pair.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

// A service that answers each question about a run with the next report.
class ReportingService {
 public:
  explicit ReportingService(
      std::vector<json> reports, std::function<void()> before_last = [] {})
      : pair_(connected_pair()),
        thread_([this, reports = std::move(reports), before_last = std::move(before_last)] {
          answer({{"protocol", kProtocolVersion}, {"service", "1"}});
          for (std::size_t i = 0; i < reports.size(); ++i) {
            if (i + 1 == reports.size()) before_last();
            answer(reports[i]);
          }
          ::close(pair_.service);
        }) {}

  PipeStream::native_handle_type client_end() const { return pair_.client; }

 private:
  void answer(const json& result) {
    std::string line;
    for (char byte = 0; ::read(pair_.service, &byte, 1) == 1 && byte != '\n';) line += byte;
    if (line.empty()) return;
    const std::string answer = result_line(json::parse(line).at("id"), result);
    [[maybe_unused]] const auto sent = ::write(pair_.service, answer.data(), answer.size());
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
  const ReportingService service({{{"state", "queued"}}, running(), ended(), ended()});
  const Waited outcome = waited(service, ProgressLine::Watched::Yes, {});
  CHECK(outcome.runs[0]["record"]["outcome"] == "verified");
  CHECK(outcome.runs[1]["state"] == "ended");
  CHECK(outcome.err.find("1/2 emr waiting") != std::string::npos);
  CHECK(outcome.err.find("1/2 emr reading") != std::string::npos);
  CHECK(outcome.err.find('\n') == std::string::npos);
}

TEST_CASE("Ctrl+C ends the wait of backup --wait, not the backups") {
  std::stop_source stop;
  const ReportingService service({running(), running()}, [&stop] { stop.request_stop(); });
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
