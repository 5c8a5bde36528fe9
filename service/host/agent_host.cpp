#include "service/host/agent_host.h"

#include <windows.h>
#include <version.h>

#include <filesystem>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/post.hpp>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "common/logging.h"
#include "common/path_text.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"
#include "service/pipe/named_pipe_listener.h"
#include "service/platform/data_folder.h"
#include "service/platform/instance_lock.h"
#include "service/platform/machine.h"
#include "service/platform/service_configuration.h"
#include "service/platform/windows_event_log.h"

namespace holdfast {
namespace {

namespace asio = boost::asio;

// Everything below needs it, and would fail with less helpful words.
void require_administrator() {
  if (is_administrator(nullptr)) return;
  throw Error(ErrorCode::AccessDenied, "Holdfast cannot run with the rights of this console.",
              "Open the console as an administrator and try again.");
}

// Links that ordinary users made are not followed by this process. Older systems cannot do that.
void distrust_redirections() {
  constexpr auto kRedirectionTrustPolicy = static_cast<PROCESS_MITIGATION_POLICY>(16);
  DWORD enforce = 1;
  if (!::SetProcessMitigationPolicy(kRedirectionTrustPolicy, &enforce, sizeof enforce)) {
    spdlog::info("This system does not guard against planted links: {}.",
                 windows_error_text(::GetLastError()));
  }
}

// The service manager may take its time, and clients are not to wait for it.
std::jthread mend_in_background(EventLog& events) {
  return std::jthread([&events]() noexcept {
    try {
      const std::vector<std::string> mended = mend_service_configuration();
      if (mended.empty()) return;
      events.report({EventId::ConfigurationMended, {fmt::format("{}", fmt::join(mended, ", "))}});
    } catch (const std::exception& failure) {
      spdlog::error("Cannot check the service's configuration: {}", failure.what());
    }
  });
}

}  // namespace

void AgentHost::run(HostMode mode, const std::function<void()>& on_listening) {
  const bool as_service = mode == HostMode::Service;
  if (!as_service) require_administrator();
  distrust_redirections();
  const std::filesystem::path folder = data_folder();
  const std::optional<std::string> moved_data = secure_folder(folder);
  const InstanceLock lock(folder);
  const std::optional<std::string> moved_logs = secure_folder(folder / L"logs");
  log_to(folder / L"logs" / L"holdfast.log", as_service ? LogEcho::FileOnly : LogEcho::AlsoStderr);

  const SystemClock clock;
  WindowsEventLog events;
  NamedPipeListener listener(io_, std::string(kPipeName),
                             as_service ? kServicePipeSddl : kConsolePipeSddl);
  Agent agent(listener, events, clock,
              {.version = HOLDFAST_VERSION,
               .host = host_name(),
               .process_id = ::GetCurrentProcessId(),
               .mode = as_service ? "service" : "console",
               .data_folder = path_text(folder),
               .started_at = clock.now()});
  agent.start();
  for (const auto& moved : {moved_data, moved_logs}) {
    if (moved) events.report({EventId::ConfigurationMended, {*moved}});
  }
  agent_ = &agent;
  on_listening();
  std::jthread mending;
  if (as_service) mending = mend_in_background(events);
  io_.run();
  agent_ = nullptr;
  agent.report_stopped();
}

void AgentHost::stop(StopReason reason) {
  asio::post(io_, [this, reason] {
    if (agent_ != nullptr) agent_->stop(reason);
  });
}

}  // namespace holdfast
