#include "tray/service_calls.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <sys/socket.h>

#include "common/protocol/json_rpc.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

struct Fixture {
  void ask(const std::string& method, const void* asker = nullptr,
           ServiceCalls::Milliseconds deadline = 30s) {
    calls.ask(
        asker, method, json::object(),
        [this, method](const CallOutcome& outcome) {
          told.push_back(method + ": " +
                         (outcome.failure ? outcome.failure->what() : outcome.result.dump()));
        },
        deadline);
  }

  // Delivers until that many were told.
  void deliver(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    while (told.size() < count && std::chrono::steady_clock::now() < deadline) {
      std::unique_lock lock(mutex);
      changed.wait_until(lock, deadline, [this] { return outcomes > 0; });
      outcomes = 0;
      lock.unlock();
      calls.deliver();
    }
  }

  ScriptedServices services;
  std::mutex mutex;
  std::condition_variable changed;
  int outcomes = 0;
  std::vector<std::string> told;
  ServiceCalls calls{[this] { return services.connect(); },
                     [this] {
                       const std::scoped_lock lock(mutex);
                       ++outcomes;
                       changed.notify_all();
                     }};
};

TEST_CASE_METHOD(Fixture, "A question that takes long keeps none of the others waiting") {
  services.add([](ScriptedService& service) {
    service.greet();
    const json slow = service.receive();
    service.answer("second");
    service.answer("third");
    service.send(result_line(slow.at("id"), "first"));
    service.wait_until_client_leaves();
  });
  ask("slow");
  ask("quick");
  deliver(1);
  ask("next");
  deliver(3);
  CHECK(told.at(0) == "quick: \"second\"");
  CHECK(std::set<std::string>(told.begin() + 1, told.end()) ==
        std::set<std::string>{"next: \"third\"", "slow: \"first\""});
}

TEST_CASE_METHOD(Fixture, "What the service refuses is told, and the connection goes on") {
  services.add([](ScriptedService& service) {
    service.greet();
    const json question = service.receive();
    service.send(error_line(question.at("id"), Error(ErrorCode::AccessDenied, "No.", "Ask.")));
    service.answer("yes");
    service.wait_until_client_leaves();
  });
  ask("one");
  deliver(1);
  ask("two");
  deliver(2);
  CHECK(told == std::vector<std::string>{"one: No.", "two: \"yes\""});
}

TEST_CASE_METHOD(Fixture,
                 "A lost connection fails what was open, and the next question finds another") {
  services.add([](ScriptedService& service) {
    service.greet();
    service.receive();
  });
  services.add([](ScriptedService& service) {
    service.greet();
    service.answer("here");
    service.wait_until_client_leaves();
  });
  ask("lost");
  deliver(1);
  ask("found");
  deliver(2);
  CHECK(told.at(0).starts_with("lost: The Holdfast service closed the connection"));
  CHECK(told.at(1) == "found: \"here\"");
}

TEST_CASE_METHOD(Fixture, "A connection that was closed while it rested costs no question") {
  std::promise<int> client_end;
  services.add([&client_end](ScriptedService& service) {
    client_end.set_value(service.client_end());
    service.greet();
    service.answer(1);
    service.wait_until_client_leaves();
  });
  services.add([](ScriptedService& service) {
    service.greet();
    service.answer(2);
    service.wait_until_client_leaves();
  });
  ask("before");
  deliver(1);
  ::shutdown(client_end.get_future().get(), SHUT_RDWR);
  ask("after");
  deliver(2);
  CHECK(told == std::vector<std::string>{"before: 1", "after: 2"});
}

TEST_CASE_METHOD(Fixture, "While there is no service each question fails, and says why") {
  ask("status");
  deliver(1);
  CHECK(told == std::vector<std::string>{"status: It is not there."});
}

TEST_CASE_METHOD(Fixture, "A question that is not answered in time fails alone") {
  services.add([](ScriptedService& service) {
    service.greet();
    service.receive();
    service.answer("well");
    service.wait_until_client_leaves();
  });
  ask("silent", nullptr, 50ms);
  deliver(1);
  ask("other");
  deliver(2);
  CHECK(told ==
        std::vector<std::string>{"silent: The Holdfast service did not answer silent in time.",
                                 "other: \"well\""});
}

TEST_CASE_METHOD(Fixture, "Who has gone is told nothing any more") {
  services.add([](ScriptedService& service) {
    service.greet();
    service.answer(1);
    service.answer(2);
    service.wait_until_client_leaves();
  });
  const int gone = 0;
  ask("one", &gone);
  calls.forget(&gone);
  ask("two");
  deliver(1);
  CHECK(told == std::vector<std::string>{"two: 2"});
}

}  // namespace
}  // namespace holdfast
