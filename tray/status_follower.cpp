#include "tray/service_client.h"

#include <version.h>

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/clock.h"
#include "common/protocol/open_service_pipe.h"
#include "common/protocol/service_connection.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto kOpenDeadline = 1s;
constexpr auto kHelloDeadline = 3s;
// A service that hangs keeps its pipe open: only an answer proves that it lives. Silence and answer
// together stay below the 10 seconds after which the icon must be grey.
constexpr auto kSilence = 4s;
constexpr auto kAnswerDeadline = 5s;
constexpr std::chrono::milliseconds kShortestPause = 500ms;
constexpr std::chrono::milliseconds kLongestPause = 5s;

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

// While it lives, the destructor of the client ends what the connection waits for.
class ServiceClient::Cancellable {
 public:
  Cancellable(ServiceClient& client, ServiceConnection& connection) : client_(client) {
    client_.set_connection(&connection);
  }
  Cancellable(const Cancellable&) = delete;
  Cancellable& operator=(const Cancellable&) = delete;
  ~Cancellable() { client_.set_connection(nullptr); }

 private:
  ServiceClient& client_;
};

ServiceClient::ServiceClient(std::function<void()> on_change)
    : on_change_(std::move(on_change)),
      pause_(kShortestPause),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ServiceClient::~ServiceClient() {
  thread_.request_stop();
  const std::scoped_lock lock(mutex_);
  if (connection_ != nullptr) connection_->cancel();
}

ServiceState ServiceClient::latest() const {
  const std::scoped_lock lock(mutex_);
  return latest_;
}

void ServiceClient::run(const std::stop_token& stop) noexcept {
  const SystemClock clock;
  while (!stop.stop_requested()) {
    try {
      follow(stop);
    } catch (const Error& failure) {
      if (!stop.stop_requested()) tell_away(failure.code(), failure.what());
    } catch (const std::exception& surprise) {
      tell_away(ErrorCode::Internal, surprise.what());
    }
    clock.wait(pause_, stop);
    pause_ = std::min(pause_ * 2, kLongestPause);
  }
}

void ServiceClient::follow(const std::stop_token& stop) {
  FileHandle pipe = open_service_pipe(std::string(kPipeName), kOpenDeadline);
  ServiceConnection service(pipe.release(), "holdfast-tray " HOLDFAST_VERSION, kHelloDeadline);
  const Cancellable cancellable(*this, service);
  if (stop.stop_requested()) return;
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
    pause_ = kShortestPause;
    status = next_status(service);
  }
}

// Even this may fail, out of memory for instance; the next attempt tells again.
void ServiceClient::tell_away(ErrorCode code, const char* reason) noexcept {
  try {
    const ServiceState before = latest();
    if (!before.failure || before.failure->code() != code) {
      spdlog::warn("The service is away: {}", reason);
    }
    publish({.failure = Error(code, reason, "")});
  } catch (const std::exception&) {
    pause_ = kShortestPause;
  }
}

void ServiceClient::publish(ServiceState state) {
  {
    const std::scoped_lock lock(mutex_);
    latest_ = std::move(state);
  }
  on_change_();
}

void ServiceClient::set_connection(ServiceConnection* connection) {
  const std::scoped_lock lock(mutex_);
  connection_ = connection;
}

}  // namespace holdfast
