#include "tray/status_follower.h"

#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

// A service that hangs keeps its pipe open: only an answer proves that it lives. Silence and answer
// together stay below the 10 seconds after which the icon must be grey.
constexpr auto kSilence = 4s;
constexpr auto kAnswerDeadline = 5s;

json ask(ServiceConnection& service, std::string_view method) {
  return service.call(method, json::object(), kAnswerDeadline);
}

// What the service tells by itself, or what it answers when it has been silent.
json next_status(ServiceConnection& service) {
  while (const auto told = service.next_notification(kSilence)) {
    if (told->method == method::kStatus) return told->params;
  }
  return ask(service, method::kStatus);
}

}  // namespace

StatusFollower::StatusFollower(ServiceClient::Connect connect, std::function<void()> on_change)
    : on_change_(std::move(on_change)),
      client_(std::move(connect), clock_),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

StatusFollower::~StatusFollower() {
  thread_.request_stop();
  client_.cancel();
}

ServiceState StatusFollower::latest() const {
  const std::scoped_lock lock(mutex_);
  return latest_;
}

void StatusFollower::run(const std::stop_token& stop) noexcept {
  while (!stop.stop_requested()) {
    try {
      follow(stop);
    } catch (const Error& failure) {
      if (!stop.stop_requested()) tell_away(failure.code(), failure.what());
    } catch (const std::exception& surprise) {
      tell_away(ErrorCode::Internal, surprise.what());
    }
    client_.lost(stop);
  }
}

void StatusFollower::follow(const std::stop_token& stop) {
  ServiceConnection& service = client_.connection();
  const std::string version = ask(service, method::kServiceInfo).at("version");
  spdlog::info("Connected to the service, version {}.", version);
  json status = ask(service, method::kSubscribe);
  Time newest{};
  while (!stop.stop_requested()) {
    Status told = status_from(status);
    // What was pushed before an answer, and read after it, is older than what is shown.
    if (told.as_of >= newest) {
      newest = told.as_of;
      publish({.status = std::move(told), .version = version});
    }
    client_.works();
    status = next_status(service);
  }
}

// Even this may fail, out of memory for instance; the next attempt tells again.
void StatusFollower::tell_away(ErrorCode code, const char* reason) noexcept {
  try {
    const ServiceState before = latest();
    if (!before.failure || before.failure->code() != code) {
      spdlog::warn("The service is away: {}", reason);
    }
    publish({.failure = Error(code, reason, "")});
  } catch (const std::exception&) {
    client_.works();
  }
}

void StatusFollower::publish(ServiceState state) {
  {
    const std::scoped_lock lock(mutex_);
    latest_ = std::move(state);
  }
  on_change_();
}

}  // namespace holdfast
