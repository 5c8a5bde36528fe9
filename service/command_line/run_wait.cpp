#include "service/command_line/run_wait.h"

#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

#include "common/protocol/messages.h"
#include "service/command_line/open_connection.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kBetweenLooks = 100ms;
constexpr std::chrono::seconds kLongestSilence{10};

void show(const json& report, ProgressLine& line) {
  if (report.at("state") == "running") {
    line.show(report.at("phase").get_ref<const std::string&>(),
              report.at("done_bytes").get<std::uint64_t>(),
              report.at("total_bytes").get<std::uint64_t>());
  } else if (report.at("state") == "queued") {
    line.show("waiting", 0, 0);
  }
}

// What the service told since the last look; whether it told anything.
bool take_news(ServiceConnection& service, const json& run, ProgressLine& line) {
  bool is_any = false;
  while (const auto told = service.next_notification(0ms)) {
    is_any = true;
    const bool is_of_run = told->method == method::kProgress && told->params.at("run") == run;
    if (is_of_run) show(told->params, line);
  }
  return is_any;
}

}  // namespace

json wait_for_run(ServiceConnection& service, const json& run, ProgressLine& line,
                  const std::stop_token& stop) {
  const json which = {{"run", run}};
  const std::uint64_t end = service.send(method::kBackupWait, which, kServiceDeadline);
  show({{"state", "queued"}}, line);
  auto heard = std::chrono::steady_clock::now();
  for (;;) {
    if (const auto report = service.answer(end, kBetweenLooks)) return *report;
    if (stop.stop_requested()) return service.call(method::kBackupRun, which, kServiceDeadline);
    if (take_news(service, run, line)) heard = std::chrono::steady_clock::now();
    if (std::chrono::steady_clock::now() - heard < kLongestSilence) continue;
    // Only an answer proves that the service still lives.
    show(service.call(method::kBackupRun, which, kServiceDeadline), line);
    heard = std::chrono::steady_clock::now();
  }
}

bool has_ended(const json& report) {
  return report.contains("state") && report.at("state") == "ended";
}

}  // namespace holdfast
