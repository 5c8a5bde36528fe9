#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "service/agent/agent.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_work.h"
#include "tests/support/local_listener.h"
#include "tests/support/raw_client.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {

class FaultyTimeZone final : public TimeZone {
 public:
  std::chrono::seconds offset_at(Time) const override {
    if (is_faulty) throw Error(ErrorCode::Internal, "Cannot tell the time zone.", "");
    return std::chrono::seconds(0);
  }

  bool is_faulty = false;
};

// The whole service but for Windows, the clock and the disk: clients are connected by sockets.
class RunningAgent {
 public:
  static constexpr const char* kOneDataset =
      R"({"version": 1, "datasets": [{"id": "emr", "title": "EMR",
  "database": "C:\\data\\clinic.db", "destination": {"folder": "D:\\backups"},
  "schedule": {"manual": true}, "drill_every": "never"}]})";

  RunningAgent() {
    work.now = [this] { return clock.now(); };
  }

  TemporaryFolder folder;
  boost::asio::io_context io{1};
  LocalListener listener{io};
  RecordingEventLog events;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  FaultyTimeZone zone;
  FakeWork work;
  ThreadWorkers workers{io};
  std::map<std::string, std::string> users;  // what they added

  // From now on this user is signed in, if nobody else is.
  void sign_in(const std::string& sid, const std::string& name) {
    {
      const std::lock_guard lock(signing_in);
      present = {
          {.user = {
               .sid = sid, .name = name, .folders = {{"localappdata", "C:\\Users\\" + name}}}}};
    }
    agent.signed_in();
  }
  void sign_out() {
    {
      const std::lock_guard lock(signing_in);
      present.clear();
    }
    agent.signed_out();
  }
  std::mutex signing_in;  // workers look
  std::vector<PresentUser> present;

  std::string config = R"({"version": 1, "datasets": []})";
  Agent agent{{.io = io,
               .listener = listener,
               .info = {.version = "1.2.3",
                        .host = "CLINIC-PC",
                        .process_id = 42,
                        .mode = "service",
                        .data_folder = "C:\\ProgramData\\Holdfast",
                        .started_at = clock.now()},
               .read_config = [this] { return ConfigSources{.machine = config, .users = users}; },
               .write_user_config = [this](const std::string& sid,
                                           const std::string& text) { users[sid] = text; },
               .config_file = "config.json",
               .status_file = folder.path() / "status.json",
               .running_programs = [] { return std::set<std::string>{}; },
               .change_mark = [](const BackupRequest&) { return std::string("1"); },
               .present_users =
                   [this] {
                     const std::lock_guard lock(signing_in);
                     return present;
                   },
               .protection = {.catalog_file = folder.path() / "catalog.db",
                              .work = work,
                              .workers = workers,
                              .events = events,
                              .clock = clock,
                              .zone = zone,
                              .machine = {.host = "CLINIC-PC"}}}};
};

}  // namespace holdfast
