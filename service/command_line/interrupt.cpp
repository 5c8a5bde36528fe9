#include "service/command_line/interrupt.h"

#include <csignal>

#include <boost/asio/post.hpp>

namespace holdfast {

Interrupt::Interrupt() : signals_(io_, SIGINT, SIGTERM) {
  signals_.async_wait([this](const boost::system::error_code& failure, int) {
    if (!failure) stop_.request_stop();
  });
  thread_ = std::jthread([this] { io_.run(); });
}

Interrupt::~Interrupt() {
  boost::asio::post(io_, [this] { signals_.cancel(); });
}

}  // namespace holdfast
