#include "service/pipe/pipe_server.h"

#include <list>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/local_listener.h"
#include "tests/support/raw_client.h"

namespace holdfast {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

struct Fixture {
  boost::asio::io_context io{1};
  LocalListener listener{io};
  Dispatcher dispatcher;
  PipeLimits limits{
      .max_line_bytes = 1000, .hello_deadline = 10s, .max_strangers = 4, .max_per_user = 4};
  std::optional<PipeServer> server;
  // Clients end before the server and the io_context.
  std::list<RawClient> clients;

  Fixture() {
    dispatcher.add("status", [](const Call&) { return json{{"health", "none"}}; });
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;
  ~Fixture() {
    if (server) server->stop();
    clients.clear();
    io.restart();
    io.run_for(10s);
  }

  RawClient& connect() {
    if (!server) server.emplace(listener, dispatcher, limits).start();
    RawClient& client = clients.emplace_back(io, listener.connect());
    io.restart();
    io.poll();
    return client;
  }
  RawClient& connect_and_greet() {
    RawClient& client = connect();
    REQUIRE(client.ask(kHelloLine)["result"]["protocol"] == 1);
    return client;
  }
};

std::string code_of(const json& answer) {
  return answer.is_object() ? answer.at("error").at("data").at("code").get<std::string>() : "";
}

TEST_CASE_METHOD(Fixture, "Requests that arrive together are answered in their order") {
  RawClient& client = connect();
  client.send(std::string(kHelloLine) + "\n" + kStatusLine + "\r\n\n" + kSubscribeLine + "\n");
  CHECK(client.next()["id"] == 1);
  CHECK(client.next()["id"] == 2);
  CHECK(client.next()["id"] == 3);
}

TEST_CASE_METHOD(Fixture,
                 "A line that is too long is answered with an error and ends the connection") {
  RawClient& client = connect_and_greet();
  client.send(std::string(5000, 'x'));
  const json answer = client.next();
  CHECK(code_of(answer) == "line_too_long");
  CHECK(answer["id"] == nullptr);
  CHECK(client.is_closed_by_service());
  CHECK(connect_and_greet().ask(kStatusLine)["id"] == 2);
}

TEST_CASE_METHOD(Fixture, "A client that talks nonsense is told so and goes on") {
  RawClient& client = connect_and_greet();
  CHECK(code_of(client.ask("nonsense")) == "not_json");
  CHECK(code_of(client.ask("\xC3\x28")) == "not_utf8");
  CHECK(code_of(client.ask(std::string(900, '['))) == "too_deep");
  CHECK(client.ask(kStatusLine)["result"]["health"] == "none");
}

TEST_CASE_METHOD(Fixture, "A client that never says hello is closed with the reason") {
  limits.hello_deadline = 50ms;
  RawClient& silent = connect();
  CHECK(code_of(silent.next()) == "hello_late");
  CHECK(silent.is_closed_by_service());
}

TEST_CASE_METHOD(Fixture, "A client that greeted may be silent for as long as it likes") {
  limits.hello_deadline = 50ms;
  RawClient& client = connect_and_greet();
  io.restart();
  io.run_for(150ms);
  CHECK(client.ask(kStatusLine)["id"] == 2);
}

TEST_CASE_METHOD(Fixture, "A crowd of silent clients shuts nobody out") {
  for (int i = 0; i < 100; ++i) connect();
  CHECK(connect_and_greet().ask(kStatusLine)["id"] == 2);
  CHECK(server->connections() <= 5);
}

TEST_CASE_METHOD(Fixture, "A user's longest idle connection gives way, another user's does not") {
  listener.next_user = "S-1-5-21-2";
  RawClient& other_user = connect_and_greet();
  listener.next_user = "S-1-5-21-1";
  RawClient& oldest = connect_and_greet();
  RawClient& busy = connect_and_greet();
  for (int i = 0; i < 2; ++i) connect_and_greet();
  CHECK(busy.ask(kStatusLine)["id"] == 2);
  connect_and_greet();
  CHECK(oldest.is_closed_by_service());
  CHECK(busy.ask(kStatusLine)["id"] == 2);
  CHECK(other_user.ask(kStatusLine)["id"] == 2);
}

TEST_CASE_METHOD(Fixture, "A subscriber never gives way: one too many is refused instead") {
  RawClient& tray = connect_and_greet();
  tray.ask(kSubscribeLine);
  for (int i = 0; i < 10; ++i) connect_and_greet();
  CHECK(tray.ask(kStatusLine)["id"] == 2);
  for (int i = 0; i < 3; ++i) connect_and_greet().ask(kSubscribeLine);
  RawClient& refused = connect();
  CHECK(code_of(refused.ask(kHelloLine)) == "too_many_connections");
  CHECK(refused.is_closed_by_service());
}

TEST_CASE_METHOD(Fixture, "A client whose identity cannot be told is refused") {
  listener.identification_fails = true;
  RawClient& client = connect();
  CHECK(code_of(client.ask(kHelloLine)) == "system_call_failed");
  CHECK(client.is_closed_by_service());
}

TEST_CASE_METHOD(Fixture, "Every subscriber is told, and nobody else") {
  RawClient& subscriber = connect_and_greet();
  subscriber.ask(kSubscribeLine);
  RawClient& other = connect_and_greet();
  server->notify("status", [](const Caller&) { return json{{"health", "stale"}}; });
  const json told = subscriber.next();
  CHECK(told["method"] == "status");
  CHECK(told["params"]["health"] == "stale");
  CHECK_FALSE(told.contains("id"));
  CHECK(other.ask(kStatusLine)["id"] == 2);
}

TEST_CASE_METHOD(Fixture, "A subscriber is told only what it may know") {
  listener.next_user = "S-1-5-21-1";
  RawClient& one = connect_and_greet();
  one.ask(kSubscribeLine);
  listener.next_user = "S-1-5-21-2";
  RawClient& other = connect_and_greet();
  other.ask(kSubscribeLine);
  server->notify("notice", [](const Caller& caller) {
    return caller.user_sid == "S-1-5-21-1" ? std::optional(json{{"secret", 1}}) : std::nullopt;
  });
  server->notify("notice", [](const Caller&) { return json{{"secret", 0}}; });
  CHECK(one.next()["params"]["secret"] == 1);
  CHECK(other.next()["params"]["secret"] == 0);
}

TEST_CASE_METHOD(Fixture, "An answer that comes after its client has left harms nobody") {
  std::vector<Reply> waiting;
  dispatcher.add_late("later", [&](const Call&, const Reply& reply) { waiting.push_back(reply); });
  RawClient& client = connect_and_greet();
  client.send(R"({"jsonrpc":"2.0","id":9,"method":"later"})"
              "\n");
  CHECK(client.ask(kStatusLine)["id"] == 2);
  REQUIRE(waiting.size() == 1);
  client.leave();
  io.restart();
  io.run_for(50ms);
  waiting.front().with("done");
  CHECK(server->connections() == 0);
}

TEST_CASE_METHOD(Fixture,
                 "A subscriber that does not read is dropped, and the others are still told") {
  limits.max_queued_bytes = 100'000;
  RawClient& slow = connect_and_greet();
  slow.ask(kSubscribeLine);
  slow.stop_reading();
  RawClient& quick = connect_and_greet();
  quick.ask(kSubscribeLine);
  const std::string text(10'000, 'x');
  for (int i = 0; i < 200; ++i) {
    server->notify("notice", [&](const Caller&) { return json{{"n", i}, {"text", text}}; });
    REQUIRE(quick.next()["params"]["n"] == i);
  }
  CHECK(server->connections() == 1);
}

TEST_CASE_METHOD(Fixture, "A client that takes nothing for too long is dropped") {
  limits.write_deadline = 50ms;
  RawClient& slow = connect_and_greet();
  slow.ask(kSubscribeLine);
  slow.stop_reading();
  server->notify("notice", [](const Caller&) { return json{{"text", std::string(900'000, 'x')}}; });
  io.restart();
  io.run_for(300ms);
  CHECK(server->connections() == 0);
}

TEST_CASE_METHOD(Fixture, "Clients that connect and leave at once leave nothing behind") {
  for (int i = 0; i < 300; ++i) {
    connect().leave();
    if (i % 3 == 0) clients.back().leave();
  }
  RawClient& client = connect_and_greet();
  CHECK(client.ask(kStatusLine)["id"] == 2);
  CHECK(server->connections() == 1);
}

TEST_CASE_METHOD(Fixture, "Stopping ends every connection within a second, silent and busy ones") {
  RawClient& silent = connect();
  RawClient& subscriber = connect_and_greet();
  subscriber.ask(kSubscribeLine);
  server->notify("status", [](const Caller&) { return json{{"phase", "stopping"}}; });
  server->stop();
  const auto begin = std::chrono::steady_clock::now();
  CHECK(subscriber.next()["params"]["phase"] == "stopping");
  CHECK(subscriber.is_closed_by_service());
  CHECK(silent.is_closed_by_service());
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
  CHECK(server->connections() == 0);
}

}  // namespace
}  // namespace holdfast
