// The agent as the service runs it, with ten datasets whose databases are open in an application
// and watched by a query, while nothing happens. Prints what that costs.
//
// idle_agent SECONDS
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "service/agent/agent.h"
#include "service/backup/change_mark.h"
#include "service/jobs/disk_work.h"
#include "service/platform/running_programs.h"
#include "tests/support/database.h"
#include "tests/support/local_listener.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace holdfast;
using nlohmann::json;

constexpr int kDatasets = 10;

// Here these are names of files, as good as any.
const std::string kDatabases = "C:\\databases\\";
const std::string kDestination = "D:\\backups";

json dataset(const std::string& id) {
  return {{"id", id},
          {"title", id},
          {"database", kDatabases + id},
          {"destination", {{"folder", kDestination}}},
          {"schedule", {{"every", "4h"}}},
          {"triggers", {{{"query_changes", "SELECT count(*) FROM shifts"}}}}};
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double private_megabytes() {
  std::ifstream facts("/proc/self/smaps_rollup");
  double kilobytes = 0;
  for (std::string line; std::getline(facts, line);) {
    if (!line.starts_with("Private_")) continue;
    std::istringstream words(line);
    std::string name;
    double value = 0;
    words >> name >> value;
    kilobytes += value;
  }
  return kilobytes / 1024;
}

}  // namespace

int main(int count, char** arguments) {
  const std::chrono::seconds time(count > 1 ? std::atoi(arguments[1]) : 600);
  const TemporaryFolder folder;
  std::filesystem::current_path(folder.path());
  json datasets = json::array();
  std::vector<SqliteConnection> applications;
  for (int i = 0; i < kDatasets; ++i) {
    const std::string id = "dataset-" + std::to_string(i);
    datasets.push_back(dataset(id));
    applications.push_back(open_database(kDatabases + id));
    execute(applications.back().get(), "PRAGMA journal_mode=WAL; CREATE TABLE shifts(a)");
  }
  const std::string config = json{{"version", 1}, {"datasets", datasets}}.dump();

  boost::asio::io_context io{1};
  LocalListener listener{io};
  const SystemClock clock;
  const SystemTimeZone zone;
  DiskStorage storage;
  SystemCloudFiles cloud;
  DiskWork work(storage, clock, zone, cloud);
  ThreadWorkers workers(io);
  RecordingEventLog events;
  Agent agent({.io = io,
               .listener = listener,
               .info = {.started_at = clock.now()},
               .read_config = [&config] { return ConfigSources{.machine = config}; },
               .config_file = "config.json",
               .status_file = folder.path() / "status.json",
               .running_programs = &running_programs,
               .change_mark =
                   [&](const BackupRequest& request) {
                     return current_change_mark(request, storage, clock.now());
                   },
               .protection = {.catalog_file = folder.path() / "catalog.db",
                              .work = work,
                              .workers = workers,
                              .events = events,
                              .clock = clock,
                              .zone = zone,
                              .machine = {.host = "PC"}}});
  agent.start();
  const double begun = cpu_seconds();
  boost::asio::steady_timer end(io, time);
  double used = 0;
  double memory = 0;
  end.async_wait([&](const boost::system::error_code&) {
    used = cpu_seconds() - begun;
    memory = private_megabytes();
    agent.stop(StopReason::Requested);
  });
  io.run();
  std::cout << json{{"seconds", time.count()},
                    {"cpu_seconds", used},
                    {"cpu_percent", 100 * used / static_cast<double>(time.count())},
                    {"private_megabytes", memory},
                    {"events", events.events.size()}}
                   .dump(2)
            << '\n';
}
