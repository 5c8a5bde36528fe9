#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string_view>

#include "service/pipe/limits.h"
#include "service/pipe/listener.h"
#include "service/pipe/session.h"

namespace holdfast {

// Serves every client of a listener and keeps their number bounded. Lives on the agent's thread.
// Outlives its sessions' handlers: destroy it after the io_context has run dry.
class PipeServer final : private SessionOwner {
 public:
  PipeServer(Listener& listener, const Dispatcher& dispatcher, PipeLimits limits);

  // When it returns, clients are served. Throws Error when the listener cannot start.
  void start();
  // Takes no more clients and ends the connections there are.
  void stop();
  // Tells every subscriber what it may be told; nothing where that is nothing.
  using ParamsFor = std::function<std::optional<nlohmann::json>(const Caller&)>;
  void notify(std::string_view method, const ParamsFor& params_for);

  std::size_t connections() const { return sessions_.size(); }

 private:
  using Sessions = std::set<std::shared_ptr<Session>>;

  void welcome(PipeStream stream);
  Caller admit(Session& session, PipeStream& stream) override;
  void closed(Session& session) override;
  Sessions sessions_where(const std::function<bool(const Session&)>& counts) const;
  static std::shared_ptr<Session> longest_idle(const Sessions& sessions);

  Listener& listener_;
  const Dispatcher& dispatcher_;
  const PipeLimits limits_;
  Sessions sessions_;
};

}  // namespace holdfast
