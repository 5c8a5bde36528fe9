#include "service/jobs/workers.h"

#include <algorithm>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>

#include "common/clock.h"

namespace holdfast {
namespace {

TEST_CASE(
    "Work is done on another thread, and what follows on the thread that runs the io_context") {
  boost::asio::io_context io{1};
  ThreadWorkers workers(io);
  const auto here = std::this_thread::get_id();
  std::vector<std::string> told;
  for (int i = 0; i < 3; ++i) {
    workers.start([&](const std::stop_token&) -> Workers::Done {
      const bool is_elsewhere = std::this_thread::get_id() != here;
      workers.post([&] { told.emplace_back("progress"); });
      return [&, is_elsewhere] {
        CHECK(is_elsewhere);
        CHECK(std::this_thread::get_id() == here);
        told.emplace_back("done");
      };
    });
  }
  io.run();
  CHECK(std::ranges::count(told, "progress") == 3);
  CHECK(std::ranges::count(told, "done") == 3);
  CHECK(told.front() == "progress");
}

TEST_CASE("Work that is told to end hears of it") {
  boost::asio::io_context io{1};
  ThreadWorkers workers(io);
  bool was_stopped = false;
  std::stop_source stop = workers.start([&](const std::stop_token& token) -> Workers::Done {
    SystemClock().wait(std::chrono::minutes(1), token);
    return [&was_stopped, stopped = token.stop_requested()] { was_stopped = stopped; };
  });
  stop.request_stop();
  io.run();
  CHECK(was_stopped);
}

}  // namespace
}  // namespace holdfast
