#include "service/agent/repeating_timer.h"

#include <thread>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE("A timer rings again and again until it is stopped, also from within") {
  boost::asio::io_context io;
  int rang = 0;
  RepeatingTimer timer(io, 1ms, [&] {
    if (++rang == 3) timer.stop();
  });
  timer.start();
  io.run_for(10s);
  CHECK(rang == 3);
  CHECK(io.stopped());
}

TEST_CASE("A timer that is stopped when its ringing is under way rings no more") {
  boost::asio::io_context io;
  int rang = 0;
  RepeatingTimer second(io, 2ms, [&rang] { ++rang; });
  RepeatingTimer first(io, 1ms, [&] {
    first.stop();
    second.stop();
  });
  first.start();
  second.start();
  // Both are due now, and are queued together.
  std::this_thread::sleep_for(5ms);
  io.run_for(10s);
  CHECK(rang == 0);
  CHECK(io.stopped());
}

}  // namespace
}  // namespace holdfast
