#include "service/agent/repeating_timer.h"

#include <utility>

namespace holdfast {

RepeatingTimer::RepeatingTimer(boost::asio::io_context& io, std::chrono::milliseconds period,
                               std::function<void()> what)
    : timer_(io), period_(period), what_(std::move(what)) {}

void RepeatingTimer::start() {
  is_running_ = true;
  wait();
}

void RepeatingTimer::wait() {
  timer_.expires_after(period_);
  timer_.async_wait([this](const boost::system::error_code& ended) {
    // A stop may come too late to take back a call that is queued already.
    if (ended || !is_running_) return;
    what_();
    if (is_running_) wait();
  });
}

void RepeatingTimer::stop() {
  is_running_ = false;
  timer_.cancel();
}

}  // namespace holdfast
