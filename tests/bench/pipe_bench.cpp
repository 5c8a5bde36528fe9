#include <catch2/benchmark/catch_benchmark.hpp>
#include <catch2/catch_test_macros.hpp>

#include "service/health/overall_status.h"
#include "service/pipe/pipe_server.h"
#include "tests/support/local_listener.h"
#include "tests/support/raw_client.h"

namespace holdfast {
namespace {

TEST_CASE("The pipe") {
  boost::asio::io_context io{1};
  LocalListener listener{io};
  Dispatcher dispatcher;
  dispatcher.add("status",
                 [](const Call&) { return overall_status({}, ServicePhase::Running, Time{}); });
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

}  // namespace
}  // namespace holdfast
