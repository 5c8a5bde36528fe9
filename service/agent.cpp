#include "service/agent.h"

#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "service/health/overall_status.h"

namespace holdfast {
namespace {

std::string words(StopReason reason) {
  return reason == StopReason::Shutdown ? "Windows is shutting down" : "as requested";
}

}  // namespace

Agent::Agent(Listener& listener, EventLog& events, const Clock& clock, ServiceInfo info)
    : events_(events),
      clock_(clock),
      info_(std::move(info)),
      server_(listener, dispatcher_, PipeLimits{}) {
  offer_methods();
}

void Agent::start() {
  server_.start();
  events_.report({EventId::Started, {info_.version, info_.mode}});
}

void Agent::stop(StopReason reason) {
  if (phase_ == ServicePhase::Stopping) return;
  phase_ = ServicePhase::Stopping;
  stop_reason_ = reason;
  spdlog::info("stopping: {}", words(reason));
  server_.notify(method::kStatus, status());
  server_.stop();
}

void Agent::report_stopped() {
  events_.report({EventId::Stopped, {words(stop_reason_)}});
}

Status Agent::status() const {
  return overall_status({}, phase_, clock_.now());
}

void Agent::offer_methods() {
  dispatcher_.add(method::kStatus, [this](const Call&) { return status(); });
  dispatcher_.add(method::kServiceInfo, [this](const Call&) { return info_; });
}

}  // namespace holdfast
