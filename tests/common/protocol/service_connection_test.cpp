#include "common/protocol/service_connection.h"

#include <functional>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/messages.h"
#include "tests/support/scripted_service.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("nothing failed");
  return ErrorCode::Internal;
}

TEST_CASE("A connection says hello and gets each answer to its question") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    const json first = end.receive();
    CHECK(first["method"] == "echo");
    end.send(result_line(first["id"], first["params"]));
    end.answer("second");
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  CHECK(connection.call("echo", {{"a", 1}}, 5s) == json{{"a", 1}});
  CHECK(connection.call("status", json::object(), 5s) == "second");
}

TEST_CASE("What the service tells by itself is kept until it is asked for, also between answers") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    const json question = end.receive();
    end.send(notification_line("status", {{"n", 1}}) + result_line(question["id"], "done") +
             notification_line("status", {{"n", 2}}));
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  CHECK(connection.call("subscribe", json::object(), 5s) == "done");
  CHECK(connection.next_notification(5s)->params["n"] == 1);
  CHECK(connection.next_notification(5s)->params["n"] == 2);
  CHECK(connection.next_notification(10ms) == std::nullopt);
}

TEST_CASE("Several requests may be open at once, and each gets its own answer") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    const json slow = end.receive();
    end.answer("quick");
    const json failing = end.receive();
    end.send(error_line(failing["id"], {ErrorCode::NotFound, "It is not there.", ""}) +
             result_line(slow["id"], "slow"));
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  const auto slow = connection.send("slow", json::object(), 5s);
  CHECK(connection.answer(slow, 0ms) == std::nullopt);
  CHECK(connection.call("quick", json::object(), 5s) == "quick");
  const auto failing = connection.send("failing", json::object(), 5s);
  CHECK(connection.answer(slow, 5s) == json("slow"));
  CHECK(code_of([&] { connection.answer(failing, 5s); }) == ErrorCode::NotFound);
}

TEST_CASE("A code that only a client can find out is not believed when a service sends it") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    end.send(error_line(end.receive()["id"], {ErrorCode::ServiceUnreachable, "Gone.", ""}));
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  CHECK(code_of([&] { connection.call("x", json::object(), 5s); }) == ErrorCode::Internal);
}

TEST_CASE("An error that the service answers is thrown as it was sent") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    end.send(error_line(end.receive()["id"],
                        {ErrorCode::UnknownMethod, "There is no method \"x\".", "Ask for y."}));
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  CHECK(code_of([&] { connection.call("x", json::object(), 5s); }) == ErrorCode::UnknownMethod);
}

TEST_CASE("A service that refuses the whole connection is heard, not only its hanging up") {
  ScriptedService service([](ScriptedService& end) {
    end.receive();
    end.send(error_line(nullptr, {ErrorCode::TooManyConnections, "Too many.", "Close some."}));
  });
  CHECK(code_of([&] { ServiceConnection(service.client_end(), "test", 5s); }) ==
        ErrorCode::TooManyConnections);
}

TEST_CASE("A service that goes away is reported at once") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    end.receive();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(code_of([&] { connection.call("status", json::object(), 60s); }) ==
        ErrorCode::ServiceUnreachable);
  CHECK(code_of([&] { connection.next_notification(60s); }) == ErrorCode::ServiceUnreachable);
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

TEST_CASE("A service that does not answer is given up after the deadline") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  CHECK(code_of([&] { connection.call("status", json::object(), 50ms); }) == ErrorCode::TimedOut);
}

TEST_CASE("A service that talks nonsense is not believed") {
  for (const char* nonsense : {"nonsense\n", "\xFF\n", "{}\n", "[1]\n"}) {
    CAPTURE(nonsense);
    ScriptedService service([nonsense](ScriptedService& end) {
      end.greet();
      end.receive();
      end.send(nonsense);
      end.wait_until_client_leaves();
    });
    ServiceConnection connection(service.client_end(), "test", 5s);
    CHECK_THROWS_AS(connection.call("status", json::object(), 5s), Error);
  }
}

TEST_CASE("Another thread can end a wait at once") {
  ScriptedService service([](ScriptedService& end) {
    end.greet();
    end.wait_until_client_leaves();
  });
  ServiceConnection connection(service.client_end(), "test", 5s);
  std::jthread other([&] { connection.cancel(); });
  const auto begin = std::chrono::steady_clock::now();
  CHECK(connection.next_notification(60s) == std::nullopt);
  CHECK(connection.next_notification(60s) == std::nullopt);
  CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

}  // namespace
}  // namespace holdfast
