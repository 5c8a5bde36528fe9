#include "tray/cloud_watch.h"

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kPause = 60s;
constexpr auto kAnswerDeadline = 5s;
// The service believes what it was told for ten minutes.
constexpr auto kToldAgainAfter = 5min;
// Of a dataset: those that wait are its newest.
constexpr int kArchivesLookedAt = 50;

json ask(ServiceConnection& service, std::string_view method, const json& params) {
  return service.call(method, params, kAnswerDeadline);
}

bool is_on_its_way(std::string_view cloud) {
  return !cloud.empty() && cloud != "uploaded" && cloud != "not-applicable";
}

// Those that are on their way, of the datasets whose newest backup is.
std::vector<SeenArchive> archives_on_their_way(ServiceConnection& service) {
  std::vector<SeenArchive> archives;
  for (const DatasetStatus& dataset :
       status_from(ask(service, method::kStatus, json::object())).datasets) {
    if (!is_on_its_way(dataset.cloud)) continue;
    const json told =
        ask(service, method::kArchiveList, {{"dataset", dataset.id}, {"limit", kArchivesLookedAt}});
    for (const json& archive : told.at("archives")) {
      if (!is_on_its_way(archive.value("cloud", ""))) continue;
      archives.push_back({.folder = archive.at("destination").get<std::string>(),
                          .file_name = archive.at("archive").get<std::string>(),
                          .state = {}});
    }
  }
  return archives;
}

}  // namespace

CloudWatch::CloudWatch(ServiceClient::Connect connect, CloudEyes eyes, const Clock& clock)
    : eyes_(std::move(eyes)),
      clock_(clock),
      client_(std::move(connect), clock_),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

CloudWatch::~CloudWatch() {
  thread_.request_stop();
  client_.cancel();
  eyes_.give_up();
}

void CloudWatch::run(const std::stop_token& stop) noexcept {
  try {
    eyes_.open();
    while (!stop.stop_requested()) {
      try {
        look(client_.connection());
        client_.works();
        clock_.wait(kPause, stop);
      } catch (const Error& failure) {
        // That the service is away is told by the icon.
        if (!is_lost_connection(failure)) spdlog::warn("OneDrive: {}", failure.what());
        client_.lost(stop);
      }
    }
  } catch (const std::exception& surprise) {
    spdlog::error("What OneDrive does is not looked at any more: {}", surprise.what());
  }
}

void CloudWatch::look(ServiceConnection& service) {
  std::vector<SeenArchive> archives = archives_on_their_way(service);
  if (archives.empty()) return;
  std::vector<SeenRoot> roots;
  const json told = ask(service, method::kCloudRoots, json::object());
  for (const json& root : told.at("roots")) {
    const std::string sync_root = root.value("sync_root", "");
    roots.push_back({.folder = root.at("folder").get<std::string>(),
                     .account = sync_root.empty() ? std::nullopt : eyes_.account(sync_root)});
  }
  for (SeenArchive& archive : archives) {
    archive.state = eyes_.file(archive.folder + '\\' + archive.file_name);
  }
  const auto report = cloud_report(roots, archives);
  const Time now = clock_.now();
  const bool is_old = now - told_at_ >= kToldAgainAfter || is_future(told_at_, now);
  if (!report || (*report == told_ && !is_old)) return;
  ask(service, method::kCloudReport, *report);
  told_ = *report;
  told_at_ = now;
}

}  // namespace holdfast
