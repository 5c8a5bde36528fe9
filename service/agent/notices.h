#pragma once

#include <functional>

#include "common/io_context_fwd.h"
#include "service/platform/event_log.h"

namespace holdfast {

// The Event Log, with somebody listening: each event is also told on the agent's thread, so that
// who is connected learns of it.
class Notices final : public EventLog {
 public:
  using OnEvent = std::function<void(const Event&)>;

  Notices(EventLog& events, boost::asio::io_context& io, OnEvent on_event);

  void report(const Event& event) noexcept override;

 private:
  EventLog& events_;
  boost::asio::io_context& io_;
  OnEvent on_event_;
};

}  // namespace holdfast
