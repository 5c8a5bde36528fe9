#include "service/command_line/interrupt.h"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

namespace holdfast {

struct Interrupt::Signals {
  boost::asio::io_context io{1};
  boost::asio::signal_set set{io, SIGINT, SIGTERM};
};

Interrupt::Interrupt() : signals_(std::make_unique<Signals>()) {
  signals_->set.async_wait([this](const boost::system::error_code& failure, int) {
    if (!failure) stop_.request_stop();
  });
  thread_ = std::jthread([this] { signals_->io.run(); });
}

Interrupt::~Interrupt() {
  boost::asio::post(signals_->io, [this] { signals_->set.cancel(); });
}

}  // namespace holdfast
