#include "service/host/agent_host.h"

#include <windows.h>
#include <version.h>

#include <filesystem>
#include <string>
#include <thread>

#include <boost/asio/post.hpp>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "common/logging.h"
#include "common/path_text.h"
#include "common/utf16.h"
#include "service/pipe/named_pipe_listener.h"
#include "service/platform/data_folder.h"
#include "service/platform/instance_lock.h"
#include "service/platform/service_configuration.h"
#include "service/platform/windows_event_log.h"

namespace holdfast {
namespace {

namespace asio = boost::asio;

std::string computer_name() {
  std::wstring name(256, L'\0');
  auto size = static_cast<DWORD>(name.size());
  if (!::GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size)) return "unknown";
  return to_utf8(std::wstring_view(name.data(), size));
}

// The service manager may take its time, and clients are not to wait for it.
std::jthread mend_in_background(asio::io_context& io, EventLog& events) {
  return std::jthread([&io, &events]() noexcept {
    try {
      const std::vector<std::string> mended = mend_service_configuration();
      if (mended.empty()) return;
      asio::post(io, [&events, what = fmt::format("{}", fmt::join(mended, ", "))] {
        events.report({EventId::ConfigurationMended, {what}});
      });
    } catch (const std::exception& failure) {
      spdlog::error("Cannot check the service's configuration: {}", failure.what());
    }
  });
}

}  // namespace

void AgentHost::run(HostMode mode, const std::function<void()>& on_listening) {
  const bool as_service = mode == HostMode::Service;
  const std::filesystem::path folder = data_folder();
  secure_data_folder(folder);
  const InstanceLock lock(folder);
  std::filesystem::create_directories(folder / L"logs");
  log_to(folder / L"logs" / L"holdfast.log", as_service ? LogEcho::FileOnly : LogEcho::AlsoStderr);

  const SystemClock clock;
  WindowsEventLog events;
  NamedPipeListener listener(io_, std::string(kPipeName),
                             as_service ? kServicePipeSddl : kConsolePipeSddl);
  Agent agent(listener, events, clock,
              {.version = HOLDFAST_VERSION,
               .host = computer_name(),
               .process_id = ::GetCurrentProcessId(),
               .mode = as_service ? "service" : "console",
               .data_folder = path_text(folder),
               .started_at = clock.now()});
  agent.start();
  agent_ = &agent;
  on_listening();
  std::jthread mending;
  if (as_service) mending = mend_in_background(io_, events);
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
