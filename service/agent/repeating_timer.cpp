#include "service/agent/repeating_timer.h"

#include <utility>

namespace holdfast {

RepeatingTimer::RepeatingTimer(boost::asio::io_context& io, std::chrono::milliseconds period,
                               std::function<void()> what)
    : timer_(io), period_(period), what_(std::move(what)) {}

void RepeatingTimer::start() {
  timer_.expires_after(period_);
  timer_.async_wait([this](const boost::system::error_code& ended) {
    if (ended) return;
    what_();
    start();
  });
}

void RepeatingTimer::stop() {
  timer_.cancel();
}

}  // namespace holdfast
