#pragma once

#include <stop_token>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace holdfast {

// While it lives, Ctrl+C asks the work to stop instead of ending the program in its middle.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_;
  std::jthread thread_;
};

}  // namespace holdfast
