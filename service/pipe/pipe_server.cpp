#include "service/pipe/pipe_server.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "common/protocol/json_rpc.h"

namespace holdfast {
PipeServer::PipeServer(Listener& listener, const Dispatcher& dispatcher, PipeLimits limits)
    : listener_(listener), dispatcher_(dispatcher), limits_(limits) {}

void PipeServer::start() {
  listener_.start([this](PipeStream stream) { welcome(std::move(stream)); });
}

void PipeServer::stop() {
  listener_.stop();
  const Sessions ending = sessions_;
  for (const auto& session : ending) session->finish();
}

void PipeServer::notify(std::string_view method, const ParamsFor& params_for) {
  // A session may be dropped, and leave the set, while it is told.
  const Sessions told = sessions_;
  for (const auto& session : told) {
    if (!session->is_subscribed()) continue;
    if (const auto params = params_for(*session->caller())) {
      session->send(notification_line(method, *params));
    }
  }
}

void PipeServer::welcome(PipeStream stream) {
  const Sessions strangers = sessions_where([](const Session& one) { return one.is_stranger(); });
  if (strangers.size() >= limits_.max_strangers) longest_idle(strangers)->drop();
  SessionOwner& owner = *this;
  auto session = std::make_shared<Session>(std::move(stream), owner, dispatcher_, limits_);
  sessions_.insert(session);
  session->start();
}

Caller PipeServer::admit(Session& session, PipeStream& stream) {
  Caller caller = listener_.identify(stream);
  const auto is_of_user = [&](const Session& other) {
    return &other != &session && other.caller() && other.caller()->user_sid == caller.user_sid;
  };
  if (sessions_where(is_of_user).size() < limits_.max_per_user) return caller;
  // A subscriber is idle by nature and does not give way: else a script that opens many
  // connections would turn its user's tray icon grey.
  const Sessions idle = sessions_where(
      [&](const Session& other) { return is_of_user(other) && !other.is_subscribed(); });
  if (idle.empty()) {
    throw Error(ErrorCode::TooManyConnections, "This user has too many subscriptions open at once.",
                "Close connections that are no longer needed.");
  }
  longest_idle(idle)->drop();
  return caller;
}

void PipeServer::closed(Session& session) {
  sessions_.erase(session.shared_from_this());
}

PipeServer::Sessions PipeServer::sessions_where(
    const std::function<bool(const Session&)>& counts) const {
  Sessions chosen;
  std::copy_if(sessions_.begin(), sessions_.end(), std::inserter(chosen, chosen.end()),
               [&](const auto& session) { return counts(*session); });
  return chosen;
}

std::shared_ptr<Session> PipeServer::longest_idle(const Sessions& sessions) {
  return *std::min_element(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) {
    return a->last_heard() < b->last_heard();
  });
}

}  // namespace holdfast
