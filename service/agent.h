#pragma once

#include <functional>
#include <string>

#include "common/clock.h"
#include "common/protocol/messages.h"
#include "service/pipe/dispatcher.h"
#include "service/pipe/listener.h"
#include "service/pipe/pipe_server.h"
#include "service/platform/event_log.h"

namespace holdfast {

enum class StopReason { Requested, Shutdown };

// The composition root: here the capabilities meet. Everything in it runs on the one thread that
// runs the io_context which the listener works on.
class Agent {
 public:
  Agent(Listener& listener, EventLog& events, const Clock& clock, ServiceInfo info);

  // When it returns, clients are served. Throws Error when that cannot be.
  void start();
  // Says goodbye to the clients and leaves no work behind: the io_context then runs dry.
  void stop(StopReason reason);
  // To be called once that work has ended.
  void report_stopped();

 private:
  Status status() const;
  void offer_methods();

  EventLog& events_;
  const Clock& clock_;
  const ServiceInfo info_;
  ServicePhase phase_ = ServicePhase::Running;
  StopReason stop_reason_ = StopReason::Requested;
  Dispatcher dispatcher_;
  PipeServer server_;
};

}  // namespace holdfast
