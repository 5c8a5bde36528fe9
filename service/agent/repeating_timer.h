#pragma once

#include <chrono>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace holdfast {

// Does something again and again on the io_context's thread, a period after it was done last.
class RepeatingTimer {
 public:
  RepeatingTimer(boost::asio::io_context& io, std::chrono::milliseconds period,
                 std::function<void()> what);

  void start();
  // Nothing is done any more from here on, and the io_context may run dry.
  void stop();

 private:
  void wait();

  boost::asio::steady_timer timer_;
  const std::chrono::milliseconds period_;
  std::function<void()> what_;
  bool is_running_ = false;
};

}  // namespace holdfast
