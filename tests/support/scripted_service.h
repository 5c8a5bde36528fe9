#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/protocol/native_pipe.h"
#include "common/protocol/service_connection.h"
#include "tests/support/connected_pair.h"

namespace holdfast {

// A service at the other end of one connection that follows a script, on a thread of its own, and
// then hangs up.
class ScriptedService {
 public:
  using Script = std::function<void(ScriptedService&)>;

  explicit ScriptedService(Script script);

  NativePipe client_end() const { return pair_.client; }

  // Null when the client has left.
  nlohmann::json receive();
  void send(const std::string& bytes);
  void answer(const nlohmann::json& result);
  void greet();
  void wait_until_client_leaves();

 private:
  ConnectedPair pair_;
  std::jthread thread_;
};

// Services that come one after the other; behind the last one nobody answers.
class ScriptedServices {
 public:
  void add(ScriptedService::Script script) { scripts_.push_back(std::move(script)); }
  // To the next of them.
  std::unique_ptr<ServiceConnection> connect();
  // How many were connected to.
  std::size_t connected() const { return services_.size(); }

 private:
  std::deque<ScriptedService::Script> scripts_;
  std::deque<ScriptedService> services_;
};

}  // namespace holdfast
