#include "common/protocol/open_service_pipe.h"

#include <windows.h>

#include "common/utf16.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"

namespace holdfast {
namespace {

// Reading and writing, without FILE_CREATE_PIPE_INSTANCE that FILE_GENERIC_WRITE includes.
constexpr DWORD kAccess = 0x12019b;

// 0 unless the service runs: while it starts or stops, another may still, or already, be serving.
DWORD service_process_id() {
  const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  if (!manager) return 0;
  const ServiceHandle service(::OpenServiceW(manager.get(), L"Holdfast", SERVICE_QUERY_STATUS));
  if (!service) return 0;
  SERVICE_STATUS_PROCESS status{};
  DWORD size = 0;
  if (!::QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO,
                              reinterpret_cast<BYTE*>(&status), sizeof status, &size)) {
    return 0;
  }
  return status.dwCurrentState == SERVICE_RUNNING ? status.dwProcessId : 0;
}

bool is_holdfast(HANDLE pipe, ULONG server) {
  if (const DWORD service = service_process_id(); service != 0) return server == service;
  const std::string owner = owner_sid(pipe, SecuredObject::Pipe);
  return owner == kSystemSid || owner == kAdministratorsSid;
}

void verify(HANDLE pipe) {
  ULONG server = 0;
  if (!::GetNamedPipeServerProcessId(pipe, &server)) {
    throw Error(ErrorCode::ServiceUnreachable, "The Holdfast service closed the connection.",
                "Check that the service is running, and try again.");
  }
  if (!is_holdfast(pipe, server)) {
    throw Error(ErrorCode::ServiceUntrusted,
                "What answers on Holdfast's pipe is not the Holdfast service.",
                "Tell your administrator: another program is posing as Holdfast.");
  }
}

// Why the pipe cannot be opened. Any reason means that the service is out of reach.
Error unreachable(DWORD failure) {
  if (failure == ERROR_FILE_NOT_FOUND) {
    return {ErrorCode::ServiceUnreachable, "The Holdfast service is not running.",
            "Start it as an administrator: sc.exe start Holdfast."};
  }
  const Error reason = windows_error("Cannot reach the Holdfast service", failure,
                                     "Sign in to this computer, or run as an administrator.");
  const bool refused = failure == ERROR_ACCESS_DENIED;
  return {refused ? ErrorCode::ServiceRefused : ErrorCode::ServiceUnreachable, reason.what(),
          reason.action()};
}

}  // namespace

FileHandle open_service_pipe(const std::string& pipe_name, std::chrono::milliseconds deadline) {
  const std::wstring name = to_utf16(pipe_name);
  const auto end = std::chrono::steady_clock::now() + deadline;
  for (;;) {
    FileHandle pipe(::CreateFileW(
        name.c_str(), kAccess, 0, nullptr, OPEN_EXISTING,
        FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, nullptr));
    if (pipe) {
      verify(pipe.get());
      return pipe;
    }
    const DWORD failure = ::GetLastError();
    if (failure != ERROR_PIPE_BUSY) throw unreachable(failure);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      throw Error(ErrorCode::TimedOut, "The Holdfast service takes no more connections.",
                  "Try again in a moment.");
    }
    // Its result does not matter: the next attempt tells.
    ::WaitNamedPipeW(name.c_str(), static_cast<DWORD>(left.count()));
  }
}

}  // namespace holdfast
