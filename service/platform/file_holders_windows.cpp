#include <windows.h>
#include <restartmanager.h>

#include <array>

#include "common/utf16.h"
#include "service/platform/file_holders.h"
#include "service/platform/system_library.h"

namespace holdfast {
namespace {

// The Restart Manager, which knows who has a file open. Server Core may come without it.
class RestartManager {
 public:
  RestartManager() {
    library_.find(start_, "RmStartSession");
    library_.find(register_, "RmRegisterResources");
    library_.find(list_, "RmGetList");
    library_.find(end_, "RmEndSession");
  }

  std::vector<RM_PROCESS_INFO> users_of(const std::vector<std::filesystem::path>& files) const {
    std::vector<RM_PROCESS_INFO> users;
    if (start_ == nullptr || register_ == nullptr || list_ == nullptr || end_ == nullptr) {
      return users;
    }
    DWORD session = 0;
    std::array<wchar_t, CCH_RM_SESSION_KEY + 1> key{};
    if (start_(&session, 0, key.data()) != ERROR_SUCCESS) return users;
    std::vector<LPCWSTR> names;
    names.reserve(files.size());
    for (const std::filesystem::path& file : files) names.push_back(file.c_str());
    if (register_(session, static_cast<UINT>(names.size()), names.data(), 0, nullptr, 0, nullptr) ==
        ERROR_SUCCESS) {
      users = listed(session);
    }
    end_(session);
    return users;
  }

 private:
  // As many as there are may grow between two looks.
  std::vector<RM_PROCESS_INFO> listed(DWORD session) const {
    constexpr int kMostLooks = 5;
    std::vector<RM_PROCESS_INFO> users;
    for (int look = 0; look < kMostLooks; ++look) {
      UINT needed = 0;
      auto count = static_cast<UINT>(users.size());
      DWORD reasons = 0;
      const DWORD result = list_(session, &needed, &count, users.data(), &reasons);
      if (result == ERROR_SUCCESS) {
        users.resize(count);
        return users;
      }
      if (result != ERROR_MORE_DATA) break;
      users.resize(needed);
    }
    return {};
  }

  SystemLibrary library_{L"rstrtmgr.dll"};
  decltype(&::RmStartSession) start_ = nullptr;
  decltype(&::RmRegisterResources) register_ = nullptr;
  decltype(&::RmGetList) list_ = nullptr;
  decltype(&::RmEndSession) end_ = nullptr;
};

}  // namespace

std::vector<FileHolder> file_holders(const std::vector<std::filesystem::path>& files) {
  std::vector<FileHolder> holders;
  for (const RM_PROCESS_INFO& user : RestartManager().users_of(files)) {
    const DWORD id = user.Process.dwProcessId;
    if (id == ::GetCurrentProcessId()) continue;
    holders.push_back({.program = to_utf8(user.strAppName), .process_id = id});
  }
  return holders;
}

}  // namespace holdfast
