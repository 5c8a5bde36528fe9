#include "tray/status_follower.h"

#include <utility>

#include <spdlog/spdlog.h>

namespace holdfast {
namespace {

using nlohmann::json;

// Longer than anything waits to be read; what seems older is news after the clock was put back.
constexpr std::chrono::seconds kLatest{10};

}  // namespace

StatusFollower::StatusFollower(ServiceClient::Connect connect, std::function<void()> on_change,
                               Told on_told)
    : StatusFollower(std::move(connect), std::move(on_change), std::move(on_told), Patience()) {}

StatusFollower::StatusFollower(ServiceClient::Connect connect, std::function<void()> on_change,
                               Told on_told, Patience patience)
    : on_change_(std::move(on_change)),
      on_told_(std::move(on_told)),
      patience_(patience),
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
    // What was pushed before an answer, and read after it, is a little older than what is shown.
    if (told.as_of >= newest || newest - told.as_of > kLatest) {
      newest = told.as_of;
      publish({.status = std::move(told), .version = version});
    }
    client_.works();
    status = next_status(service);
  }
}

json StatusFollower::ask(ServiceConnection& service, std::string_view method) const {
  return service.call(method, json::object(), patience_.answer);
}

// What the service tells by itself, or what it answers when it has been silent.
json StatusFollower::next_status(ServiceConnection& service) const {
  while (const auto told = service.next_notification(patience_.silence)) {
    if (told->method == method::kStatus) return told->params;
    on_told_(*told);
  }
  return ask(service, method::kStatus);
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
