#include "service/host/agent_host.h"

#include <windows.h>
#include <version.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include <boost/asio/post.hpp>
#include <fmt/ranges.h>
#include <spdlog/spdlog.h>

#include "common/logging.h"
#include "common/path_text.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"
#include "service/backup/change_mark.h"
#include "service/cloud/cloud_roots.h"
#include "service/config/config_files.h"
#include "service/jobs/disk_work.h"
#include "service/pipe/named_pipe_listener.h"
#include "service/platform/cloud_files.h"
#include "service/platform/data_folder.h"
#include "service/platform/instance_lock.h"
#include "service/platform/known_folders.h"
#include "service/platform/machine.h"
#include "service/platform/machine_config.h"
#include "service/platform/path_limits.h"
#include "service/platform/running_programs.h"
#include "service/platform/service_configuration.h"
#include "service/platform/signed_in_users.h"
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

void find_one_drive(const SignedInUser& user, PresentUser& known) {
  const ActingAs acting(user.rights.get());
  known.one_drive = one_drive_facts(user.sid, text_path(expand("{profile}", user.folders)));
  known.roots = cloud_roots(known.one_drive, [](const std::string& folder) {
    std::error_code failure;
    return std::filesystem::is_directory(text_path(folder), failure);
  });
}

// With the rights of the users themselves, what is theirs is looked at.
std::vector<PresentUser> present_users(HostMode mode) {
  std::vector<PresentUser> present;
  for (SignedInUser& user :
       mode == HostMode::Service ? signed_in_users() : std::vector{this_user()}) {
    PresentUser& known = present.emplace_back();
    try {
      if (user.fault.empty()) find_one_drive(user, known);
    } catch (const Error& error) {
      user.fault = error.line();
    }
    known.user = std::move(user);
  }
  return present;
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

  // In a console it is not SYSTEM that opens them.
  const PathLimits limits{.profiles = as_service ? profiles_folder() : std::filesystem::path()};
  const SystemClock clock;
  const SystemTimeZone zone;
  DiskStorage storage;
  SystemCloudFiles cloud;
  DiskWork work(storage, clock, zone, cloud);
  ThreadWorkers workers(io_);
  WindowsEventLog events;
  NamedPipeListener listener(io_, std::string(kPipeName),
                             as_service ? kServicePipeSddl : kConsolePipeSddl);
  Agent agent(
      {.io = io_,
       .listener = listener,
       .info = {.version = HOLDFAST_VERSION,
                .host = host_name(),
                .process_id = ::GetCurrentProcessId(),
                .mode = as_service ? "service" : "console",
                .data_folder = path_text(folder),
                .started_at = clock.now()},
       .read_config = [&storage,
                       &folder] { return config_sources(storage, folder, group_policies()); },
       .write_user_config =
           [&storage, &folder](const std::string& sid, const std::string& text) {
             write_user_config(storage, folder, sid, text);
           },
       .config_file = path_text(folder / kConfigFile),
       .status_file = folder / L"status.json",
       .running_programs = &running_programs,
       .change_mark =
           [&storage, &clock](const BackupRequest& request) {
             return current_change_mark(request, storage, clock.now());
           },
       .present_users = [mode] { return present_users(mode); },
       .protection = {.catalog_file = folder / L"catalog.db",
                      .work = work,
                      .workers = workers,
                      .events = events,
                      .clock = clock,
                      .zone = zone,
                      .machine = {.host = host_name(),
                                  .user = user_name(),
                                  .folders = machine_folders(),
                                  .letter_case = path_letter_case()},
                      .random = [] { return std::random_device()(); },
                      .profile_name = &profile_name,
                      .profile_owner = &profile_owner,
                      .service_rights = std::make_shared<ServiceRights>(limits)}});
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
  post([reason](Agent& agent) { agent.stop(reason); });
}

void AgentHost::post(std::function<void(Agent&)> what) {
  asio::post(io_, [this, what = std::move(what)] {
    if (agent_ != nullptr) what(*agent_);
  });
}

}  // namespace holdfast
