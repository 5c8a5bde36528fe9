#include "service/agent/notices.h"

#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace holdfast {

Notices::Notices(EventLog& events, boost::asio::io_context& io, OnEvent on_event)
    : events_(events), io_(io), on_event_(std::move(on_event)) {}

void Notices::report(const Event& event) noexcept {
  events_.report(event);
  try {
    boost::asio::post(io_, [this, event] { on_event_(event); });
  } catch (const std::exception& failure) {
    spdlog::error("An event was not told to those who are connected: {}", failure.what());
  }
}

}  // namespace holdfast
