#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>

#include "service/agent/agent.h"

namespace holdfast {

enum class HostMode { Service, Console };

// What running as a service and running in a console share: the data folder, the one instance, the
// log, and the agent.
class AgentHost {
 public:
  // Runs the agent on the calling thread until stop() has done its work; `on_listening` is called
  // once clients can connect. Throws Error when Holdfast cannot run here.
  void run(HostMode mode, const std::function<void()>& on_listening);

  // From any thread, any number of times, also before run().
  void stop(StopReason reason);

  // The same for whatever else the agent is to be told.
  void post(std::function<void(Agent&)> what);

  // For what else is to happen on the agent's thread.
  boost::asio::io_context& io() { return io_; }

 private:
  boost::asio::io_context io_{1};
  Agent* agent_ = nullptr;  // while run() runs
};

}  // namespace holdfast
