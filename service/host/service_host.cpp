#include "service/host/service_host.h"

#include <windows.h>

#include <atomic>
#include <mutex>
#include <string>

#include <spdlog/spdlog.h>

#include "common/error.h"
#include "common/windows_error.h"
#include "service/host/agent_host.h"
#include "service/platform/windows_event_log.h"

namespace holdfast {
namespace {

constexpr DWORD kWaitHintMilliseconds = 5000;
// Before a shutdown what is configured so is backed up once more. Less than the time that the
// service manager is told to give.
constexpr DWORD kLastBackupsMilliseconds = 170'000;

// What `sc query` shows as SERVICE_EXIT_CODE; documented for administrators, so they stay.
DWORD service_exit_code(ErrorCode code) {
  switch (code) {
    // Not a failure to be repaired by starting again and again.
    case ErrorCode::AlreadyRunning: return 0;
    case ErrorCode::AccessDenied: return 2;
    case ErrorCode::SystemCallFailed: return 3;
    default: return 1;
  }
}

// Where an administrator looks first. The log may not even be open.
DWORD tell_failure(const Error& failure) {
  spdlog::critical("Holdfast cannot run. {}", failure.line());
  WindowsEventLog().report({EventId::NotStarted, {failure.line()}});
  return service_exit_code(failure.code());
}

// The service's side of the conversation with the service manager. Its handler is called on a
// thread of the manager's choice and only posts and returns.
class ServiceHost {
 public:
  // Runs the agent on the thread that the service manager made for the service.
  void run();

 private:
  static DWORD WINAPI on_control(DWORD control, DWORD type, void* data, void* context);
  void session_changed(DWORD type);
  void begin_stop(StopReason reason);
  void report(DWORD state, DWORD exit_code = 0);

  AgentHost host_;
  SERVICE_STATUS_HANDLE handle_ = nullptr;
  // The manager's thread begins a stop while the service's own thread may be reporting RUNNING.
  std::mutex reporting_;
  std::atomic<DWORD> wait_hint_ = kWaitHintMilliseconds;
  SERVICE_STATUS status_{.dwServiceType = SERVICE_WIN32_OWN_PROCESS};
};

void ServiceHost::run() {
  handle_ = ::RegisterServiceCtrlHandlerExW(L"Holdfast", &ServiceHost::on_control, this);
  if (handle_ == nullptr) return;
  report(SERVICE_START_PENDING);
  DWORD exit_code = 0;
  try {
    host_.run(HostMode::Service, [this] { report(SERVICE_RUNNING); });
  } catch (const Error& failure) {
    exit_code = tell_failure(failure);
  } catch (const std::exception& surprise) {
    exit_code = tell_failure(
        {ErrorCode::Internal, std::string("An unexpected failure: ") + surprise.what(), ""});
  }
  report(SERVICE_STOPPED, exit_code);
}

DWORD WINAPI ServiceHost::on_control(DWORD control, DWORD type, void*, void* context) {
  auto& host = *static_cast<ServiceHost*>(context);
  switch (control) {
    case SERVICE_CONTROL_STOP: host.begin_stop(StopReason::Requested); return NO_ERROR;
    case SERVICE_CONTROL_PRESHUTDOWN: host.begin_stop(StopReason::Shutdown); return NO_ERROR;
    case SERVICE_CONTROL_SESSIONCHANGE: host.session_changed(type); return NO_ERROR;
    case SERVICE_CONTROL_POWEREVENT:
      if (type == PBT_APMRESUMEAUTOMATIC) host.host_.post([](Agent& agent) { agent.woke(); });
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
    default: return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

void ServiceHost::session_changed(DWORD type) {
  if (type == WTS_SESSION_LOGON) host_.post([](Agent& agent) { agent.signed_in(); });
  if (type == WTS_SESSION_LOGOFF) host_.post([](Agent& agent) { agent.signed_out(); });
}

void ServiceHost::begin_stop(StopReason reason) {
  if (reason == StopReason::Shutdown) wait_hint_ = kLastBackupsMilliseconds;
  report(SERVICE_STOP_PENDING);
  host_.stop(reason);
}

void ServiceHost::report(DWORD state, DWORD exit_code) {
  const std::lock_guard lock(reporting_);
  const bool pending = state == SERVICE_START_PENDING || state == SERVICE_STOP_PENDING;
  // A stop may be asked for before RUNNING was reported; it is not taken back then.
  if (state == SERVICE_RUNNING && status_.dwCurrentState == SERVICE_STOP_PENDING) return;
  status_.dwCheckPoint = pending && state == status_.dwCurrentState ? status_.dwCheckPoint + 1 : 0;
  status_.dwCurrentState = state;
  status_.dwControlsAccepted = state == SERVICE_RUNNING
                                   ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PRESHUTDOWN |
                                         SERVICE_ACCEPT_SESSIONCHANGE | SERVICE_ACCEPT_POWEREVENT
                                   : 0;
  status_.dwWaitHint = pending ? wait_hint_.load() : 0;
  status_.dwWin32ExitCode = exit_code == 0 ? NO_ERROR : ERROR_SERVICE_SPECIFIC_ERROR;
  status_.dwServiceSpecificExitCode = exit_code;
  ::SetServiceStatus(handle_, &status_);
}

void WINAPI service_main(DWORD, wchar_t**) {
  ServiceHost().run();
}

}  // namespace

void run_as_service() {
  wchar_t name[] = L"Holdfast";
  const SERVICE_TABLE_ENTRYW table[] = {{name, &service_main}, {nullptr, nullptr}};
  if (::StartServiceCtrlDispatcherW(table)) return;
  const DWORD failure = ::GetLastError();
  if (failure == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) {
    throw Error(ErrorCode::Usage, "\"holdfast service\" is started by Windows, not by hand.",
                "Use \"holdfast run\" in a console, or \"sc start Holdfast\".");
  }
  throw windows_error("Cannot start as a service", failure, "See the Event Log.");
}

}  // namespace holdfast
