#include "service/platform/instance_lock.h"

#include "common/path_text.h"
#include "common/windows_error.h"

namespace holdfast {

InstanceLock::InstanceLock(const std::filesystem::path& data_folder) {
  const std::filesystem::path path = data_folder / L"agent.lock";
  constexpr DWORD kNobodyElse = 0;
  file_.reset(::CreateFileW(path.c_str(), GENERIC_WRITE | DELETE, kNobodyElse, nullptr, OPEN_ALWAYS,
                            FILE_ATTRIBUTE_NORMAL | FILE_FLAG_DELETE_ON_CLOSE, nullptr));
  if (file_) return;
  const DWORD failure = ::GetLastError();
  if (failure == ERROR_SHARING_VIOLATION) {
    throw Error(ErrorCode::AlreadyRunning, "Holdfast is already running on this computer.",
                "Use it as it is, or stop it first: sc.exe stop Holdfast.");
  }
  throw windows_error("Cannot take " + path_text(path), failure,
                      "Run Holdfast as an administrator.");
}

}  // namespace holdfast
