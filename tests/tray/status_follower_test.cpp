#include "tray/status_follower.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/json_rpc.h"
#include "common/protocol/messages.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

json status(const std::string& headline, const std::string& as_of) {
  Status status{.health = Health::Protected, .headline = headline, .as_of = time_from(as_of)};
  return status;
}

// Says who it is, and how things stand.
void begin(ScriptedService& service, const std::string& headline) {
  service.greet();
  service.answer({{"version", "1.2.3"}});
  service.answer(status(headline, "2026-11-20T10:00:00Z"));
}

struct Fixture {
  // The headlines that were shown until the last of them is this one; "away" is one, too.
  std::deque<std::string> shown_until(const std::string& last) {
    StatusFollower follower([this] { return services.connect(); },
                            [this] {
                              const std::scoped_lock lock(mutex);
                              ++changes;
                              changed.notify_all();
                            },
                            [this](const Notification& told_now) {
                              const std::scoped_lock lock(mutex);
                              told.push_back(told_now.method);
                            },
                            patience);
    std::deque<std::string> shown;
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    for (int seen = 0; std::chrono::steady_clock::now() < deadline;) {
      std::unique_lock lock(mutex);
      changed.wait_until(lock, deadline, [&] { return changes != seen; });
      seen = changes;
      lock.unlock();
      const ServiceState state = follower.latest();
      const std::string headline = state.status ? state.status->headline : "away";
      if (shown.empty() || shown.back() != headline) shown.push_back(headline);
      if (headline == last) break;
    }
    return shown;
  }

  std::mutex mutex;
  std::condition_variable changed;
  int changes = 0;
  std::vector<std::string> told;
  StatusFollower::Patience patience;
  ScriptedServices services;
};

TEST_CASE_METHOD(Fixture,
                 "What follows the service shows what it tells by itself, but nothing old") {
  services.add([](ScriptedService& service) {
    begin(service, "one");
    service.send(notification_line(method::kStatus, status("old", "2026-11-20T09:59:59Z")) +
                 notification_line(method::kProgress, {{"run", 1}}) +
                 notification_line(method::kStatus, status("two", "2026-11-20T10:00:01Z")));
    service.wait_until_client_leaves();
  });
  const auto shown = shown_until("two");
  CHECK(shown.back() == "two");
  CHECK(std::find(shown.begin(), shown.end(), "old") == shown.end());
  CHECK(told == std::vector<std::string>{"progress"});
}

TEST_CASE_METHOD(Fixture, "After the clock was put back the tray shows what the service tells") {
  services.add([](ScriptedService& service) {
    begin(service, "one");
    service.send(notification_line(method::kStatus, status("two", "2026-11-20T09:00:00Z")) +
                 notification_line(method::kStatus, status("three", "2026-11-20T09:00:01Z")));
    service.wait_until_client_leaves();
  });
  CHECK(shown_until("three").back() == "three");
}

TEST_CASE_METHOD(Fixture,
                 "What follows the service tells that it is away, and finds the next one") {
  services.add([](ScriptedService& service) {
    service.greet();
    service.answer({{"version", "1.2.3"}});
  });
  services.add([](ScriptedService& service) {
    begin(service, "back");
    service.wait_until_client_leaves();
  });
  CHECK(shown_until("back") == std::deque<std::string>{"away", "back"});
}

TEST_CASE_METHOD(Fixture, "A service that keeps its pipe open and answers no more is away") {
  patience = {.silence = 20ms, .answer = 30ms};
  services.add([](ScriptedService& service) {
    begin(service, "well");
    service.wait_until_client_leaves();
  });
  services.add([](ScriptedService& service) {
    begin(service, "well again");
    service.wait_until_client_leaves();
  });
  CHECK(shown_until("well again") == std::deque<std::string>{"well", "away", "well again"});
}

TEST_CASE(
    "From a service's last sign of life until the icon is grey it takes less than 10 seconds") {
  const StatusFollower::Patience patience;
  CHECK(patience.silence + patience.answer < 10s);
}

}  // namespace
}  // namespace holdfast
