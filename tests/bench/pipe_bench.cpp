#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "service/health/overall_status.h"
#include "service/pipe/pipe_server.h"
#include "tests/support/local_listener.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_agent.h"

namespace holdfast {
namespace {

TEST_CASE("The pipe") {
  boost::asio::io_context io{1};
  LocalListener listener{io};
  Dispatcher dispatcher;
  dispatcher.add("status",
                 [](const Call&) { return overall_status({}, {}, ServicePhase::Running, Time{}); });
  const PipeLimits limits;
  PipeServer server{listener, dispatcher, limits};
  server.start();
  {
    RawClient client(io, listener.connect());
    REQUIRE(client.ask(kHelloLine)["result"]["protocol"] == 1);
    BENCHMARK("a status, asked and answered") {
      return client.ask(kStatusLine);
    };
    BENCHMARK("connecting, hello and a status") {
      RawClient other(io, listener.connect());
      other.ask(kHelloLine);
      return other.ask(kStatusLine);
    };
  }
  server.stop();
  io.restart();
  io.run_for(std::chrono::seconds(5));
}

TEST_CASE("A subscriber") {
  RunningAgent service;
  service.listener.is_administrator = true;
  service.agent.start();
  RawClient client(service.io, service.listener.connect());
  client.ask(kHelloLine);
  client.ask(kSubscribeLine);
  const std::string configs[] = {service.config, RunningAgent::kOneDataset};
  std::size_t next = 0;
  BENCHMARK("a changed configuration, read and told as a status") {
    service.config = configs[++next % 2];
    client.call("config.reload");
    while (client.told.empty()) client.told.push_back(client.next());
    client.told.clear();
  };
  service.agent.stop(StopReason::Requested);
  service.io.restart();
  service.io.run();
}

}  // namespace
}  // namespace holdfast
