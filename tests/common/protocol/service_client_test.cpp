#include "common/protocol/service_client.h"

#include <chrono>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/messages.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

const std::stop_token kNever;

void answer_one(ScriptedService& service) {
  service.greet();
  service.answer("here");
}

struct Fixture {
  json ask() { return client.connection().call(method::kStatus, json::object(), 5s); }
  // How it failed.
  ErrorCode failure() {
    try {
      ask();
    } catch (const Error& error) {
      CHECK(is_lost_connection(error));
      return error.code();
    }
    FAIL("It was answered.");
    return ErrorCode::Internal;
  }

  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  ScriptedServices services;
  ServiceClient client{[this] { return services.connect(); }, clock};
};

TEST_CASE_METHOD(Fixture, "A client keeps its connection, and makes another when it was lost") {
  services.add([](ScriptedService& service) {
    answer_one(service);
    service.answer("still here");
  });
  services.add(&answer_one);
  CHECK(ask() == "here");
  CHECK(ask() == "still here");
  CHECK(failure() == ErrorCode::ServiceUnreachable);
  client.lost(kNever);
  CHECK(ask() == "here");
  CHECK(services.connected() == 2);
}

TEST_CASE_METHOD(Fixture, "While nobody answers, the pauses grow until something is heard") {
  for (int i = 0; i < 5; ++i) {
    CHECK(failure() == ErrorCode::ServiceUnreachable);
    client.lost(kNever);
  }
  CHECK(clock.waited() == std::vector<std::chrono::milliseconds>{500ms, 1s, 2s, 4s, 5s});
  services.add(&answer_one);
  CHECK(ask() == "here");
  client.works();
  CHECK(failure() == ErrorCode::ServiceUnreachable);
  client.lost(kNever);
  CHECK(clock.waited().back() == 500ms);
}

TEST_CASE_METHOD(Fixture, "A client that another thread cancels waits no more, on any connection") {
  const auto say_nothing = [](ScriptedService& service) {
    service.greet();
    service.wait_until_client_leaves();
  };
  services.add(say_nothing);
  services.add(say_nothing);
  client.connection();
  const auto begin = std::chrono::steady_clock::now();
  std::jthread other([this] { client.cancel(); });
  CHECK(client.connection().next_notification(60s) == std::nullopt);
  other.join();
  client.lost(kNever);
  CHECK(client.connection().next_notification(60s) == std::nullopt);
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

}  // namespace
}  // namespace holdfast
