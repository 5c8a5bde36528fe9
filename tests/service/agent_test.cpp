#include "service/agent.h"

#include <catch2/catch_test_macros.hpp>

#include "common/protocol/service_connection.h"
#include "tests/support/fake_clock.h"
#include "tests/support/local_listener.h"
#include "tests/support/raw_client.h"
#include "tests/support/recording_event_log.h"

namespace holdfast {
namespace {

using nlohmann::json;

struct Fixture {
  boost::asio::io_context io{1};
  LocalListener listener{io};
  RecordingEventLog events;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  Agent agent{listener,
              events,
              clock,
              {.version = "1.2.3",
               .host = "CLINIC-PC",
               .process_id = 42,
               .mode = "service",
               .data_folder = "C:\\ProgramData\\Holdfast",
               .started_at = clock.now()}};
};

TEST_CASE_METHOD(Fixture, "The agent answers hello, status, service.info and subscribe") {
  agent.start();
  RawClient client(io, listener.connect());
  CHECK(client.ask(kHelloLine)["result"]["protocol"] == 1);
  clock.advance(std::chrono::seconds(5));
  const json status = client.ask(kStatusLine)["result"];
  CHECK(status["health"] == "none");
  CHECK(status["phase"] == "running");
  CHECK(status["as_of"] == "2026-11-20T10:00:05Z");
  const json info = client.ask(R"({"jsonrpc":"2.0","id":4,"method":"service.info"})")["result"];
  CHECK(info == json{{"version", "1.2.3"},
                     {"protocol", 1},
                     {"host", "CLINIC-PC"},
                     {"process_id", 42},
                     {"mode", "service"},
                     {"data_folder", "C:\\ProgramData\\Holdfast"},
                     {"started_at", "2026-11-20T10:00:00Z"}});
  CHECK(client.ask(kSubscribeLine)["result"] == status);
}

TEST_CASE_METHOD(Fixture,
                 "The agent tells its subscribers that it stops, and leaves no work behind") {
  agent.start();
  RawClient client(io, listener.connect());
  client.ask(kHelloLine);
  client.ask(kSubscribeLine);
  agent.stop(StopReason::Requested);
  CHECK(client.next()["params"]["phase"] == "stopping");
  CHECK(client.is_closed_by_service());
  io.restart();
  io.run_for(std::chrono::seconds(10));
  CHECK(io.stopped());
}

TEST_CASE_METHOD(Fixture, "Start and stop are one event each, however often a stop is asked for") {
  agent.start();
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::Started);
  CHECK(events.events[0].strings == std::vector<std::string>{"1.2.3", "service"});
  agent.stop(StopReason::Shutdown);
  agent.stop(StopReason::Requested);
  io.run();
  agent.report_stopped();
  REQUIRE(events.events.size() == 2);
  CHECK(events.events[1].id == EventId::Stopped);
  CHECK(events.events[1].strings == std::vector<std::string>{"Windows is shutting down"});
}

}  // namespace
}  // namespace holdfast
