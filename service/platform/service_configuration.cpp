#include "service/platform/service_configuration.h"

#include <windows.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>

#include <spdlog/spdlog.h>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"

namespace holdfast {
namespace {

// Twice what the last backup before a shutdown is given.
constexpr DWORD kPreshutdownMilliseconds = 180'000;
constexpr DWORD kForgetFailuresAfterSeconds = 24 * 60 * 60;
// The last pause is repeated for as long as the cause lasts, and each attempt is an event.
constexpr std::array<DWORD, 3> kRestartAfterMilliseconds{5'000, 60'000, 900'000};
// Change notification is what lets any account pass through folders; the others are needed to work
// with the rights of signed-in users.
constexpr wchar_t kPrivileges[] =
    L"SeTcbPrivilege\0SeImpersonatePrivilege\0SeAssignPrimaryTokenPrivilege\0"
    L"SeIncreaseQuotaPrivilege\0SeChangeNotifyPrivilege\0";

// One level of ChangeServiceConfig2W: how it is named to people, whether what stands there is as
// wanted, and what is wanted.
struct Setting {
  std::string_view words;
  DWORD level;
  std::function<bool(const void* current)> is_as_wanted;
  void* wanted;
};

std::optional<std::vector<std::byte>> query(SC_HANDLE service, DWORD level) {
  std::vector<std::byte> buffer(8 * 1024);
  DWORD needed = 0;
  if (!::QueryServiceConfig2W(service, level, reinterpret_cast<BYTE*>(buffer.data()),
                              static_cast<DWORD>(buffer.size()), &needed)) {
    return std::nullopt;
  }
  return buffer;
}

std::vector<std::wstring> sorted_list(const wchar_t* names) {
  std::vector<std::wstring> list;
  while (names != nullptr && *names != L'\0') {
    list.emplace_back(names);
    names += list.back().size() + 1;
  }
  std::sort(list.begin(), list.end());
  return list;
}

bool restarts_as_wanted(const SERVICE_FAILURE_ACTIONSW& current) {
  if (current.dwResetPeriod != kForgetFailuresAfterSeconds) return false;
  return std::equal(current.lpsaActions, current.lpsaActions + current.cActions,
                    kRestartAfterMilliseconds.begin(), kRestartAfterMilliseconds.end(),
                    [](const SC_ACTION& action, DWORD delay) {
                      return action.Type == SC_ACTION_RESTART && action.Delay == delay;
                    });
}

// Whether the service has seen to its configuration before, noted beside that configuration: it
// goes when the service is removed. An installer need not get everything right, and that is no
// drift.
bool note_configured() {
  DWORD existed = 0;
  RegistryKey key;
  const LSTATUS failure = ::RegCreateKeyExW(
      HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\Holdfast\\Configured", 0, nullptr,
      0, KEY_READ, nullptr, key.put(), &existed);
  return failure == ERROR_SUCCESS && existed == REG_OPENED_EXISTING_KEY;
}

// True when it was not as wanted and is now.
bool mend(SC_HANDLE service, const Setting& setting) {
  const auto current = query(service, setting.level);
  if (current && setting.is_as_wanted(current->data())) return false;
  if (!::ChangeServiceConfig2W(service, setting.level, setting.wanted)) {
    spdlog::warn("Cannot set {}: {}.", setting.words, windows_error_text(::GetLastError()));
    return false;
  }
  return current.has_value();
}

template <typename Current>
auto when(std::function<bool(const Current&)> is_as_wanted) {
  return [is_as_wanted](const void* current) {
    return is_as_wanted(*static_cast<const Current*>(current));
  };
}

struct BasicConfiguration {
  bool starts_automatically = false;
  std::wstring command;
};

std::optional<BasicConfiguration> basic_configuration(SC_HANDLE service) {
  std::vector<std::byte> buffer(8 * 1024);
  DWORD needed = 0;
  auto* config = reinterpret_cast<QUERY_SERVICE_CONFIGW*>(buffer.data());
  if (!::QueryServiceConfigW(service, config, static_cast<DWORD>(buffer.size()), &needed)) {
    spdlog::warn("Cannot read the service's start and path: {}.",
                 windows_error_text(::GetLastError()));
    return std::nullopt;
  }
  return BasicConfiguration{.starts_automatically = config->dwStartType == SERVICE_AUTO_START,
                            .command = config->lpBinaryPathName};
}

// An unquoted path with a space in it could start another program: C:\Program.exe.
bool quote_path(SC_HANDLE service, const std::wstring& command) {
  std::wstring program(MAX_PATH * 4, L'\0');
  program.resize(::GetModuleFileNameW(nullptr, program.data(), static_cast<DWORD>(program.size())));
  const std::wstring wanted = L'"' + program + L"\" service";
  if (command == wanted) return false;
  if (!::ChangeServiceConfigW(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                              wanted.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr,
                              nullptr)) {
    spdlog::warn("Cannot set the service's path: {}.", windows_error_text(::GetLastError()));
    return false;
  }
  return true;
}

DWORD start_type(ServiceStart start) {
  switch (start) {
    case ServiceStart::Automatic: return SERVICE_AUTO_START;
    case ServiceStart::OnDemand: return SERVICE_DEMAND_START;
    case ServiceStart::Disabled: break;
  }
  return SERVICE_DISABLED;
}

}  // namespace

std::vector<std::string> mend_service_configuration() {
  const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  // Setting restart actions takes the right to start the service.
  const ServiceHandle service(
      manager ? ::OpenServiceW(manager.get(), L"Holdfast",
                               SERVICE_QUERY_CONFIG | SERVICE_CHANGE_CONFIG | SERVICE_START)
              : nullptr);
  if (!service) {
    spdlog::warn("Cannot check the service's configuration: {}.",
                 windows_error_text(::GetLastError()));
    return {};
  }

  std::array<SC_ACTION, kRestartAfterMilliseconds.size()> actions{};
  std::transform(kRestartAfterMilliseconds.begin(), kRestartAfterMilliseconds.end(),
                 actions.begin(), [](DWORD delay) {
                   return SC_ACTION{SC_ACTION_RESTART, delay};
                 });
  SERVICE_FAILURE_ACTIONSW failure_actions{.dwResetPeriod = kForgetFailuresAfterSeconds,
                                           .cActions = static_cast<DWORD>(actions.size()),
                                           .lpsaActions = actions.data()};
  SERVICE_FAILURE_ACTIONS_FLAG on_errors{.fFailureActionsOnNonCrashFailures = TRUE};
  SERVICE_DELAYED_AUTO_START_INFO delayed{.fDelayedAutostart = TRUE};
  SERVICE_SID_INFO sid{.dwServiceSidType = SERVICE_SID_TYPE_UNRESTRICTED};
  std::wstring privilege_names(std::begin(kPrivileges), std::end(kPrivileges));
  SERVICE_REQUIRED_PRIVILEGES_INFOW privileges{.pmszRequiredPrivileges = privilege_names.data()};
  SERVICE_PRESHUTDOWN_INFO preshutdown{.dwPreshutdownTimeout = kPreshutdownMilliseconds};

  const std::array<Setting, 6> settings{{
      {"restart on failure", SERVICE_CONFIG_FAILURE_ACTIONS,
       when<SERVICE_FAILURE_ACTIONSW>(restarts_as_wanted), &failure_actions},
      {"restart after an error", SERVICE_CONFIG_FAILURE_ACTIONS_FLAG,
       when<SERVICE_FAILURE_ACTIONS_FLAG>(
           [](const auto& now) { return now.fFailureActionsOnNonCrashFailures != FALSE; }),
       &on_errors},
      {"delayed start", SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
       when<SERVICE_DELAYED_AUTO_START_INFO>(
           [](const auto& now) { return now.fDelayedAutostart != FALSE; }),
       &delayed},
      {"the service's own SID", SERVICE_CONFIG_SERVICE_SID_INFO,
       when<SERVICE_SID_INFO>(
           [](const auto& now) { return now.dwServiceSidType == SERVICE_SID_TYPE_UNRESTRICTED; }),
       &sid},
      {"the privileges", SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO,
       when<SERVICE_REQUIRED_PRIVILEGES_INFOW>([](const auto& now) {
         return sorted_list(now.pmszRequiredPrivileges) == sorted_list(kPrivileges);
       }),
       &privileges},
      {"the time to finish at shutdown", SERVICE_CONFIG_PRESHUTDOWN_INFO,
       when<SERVICE_PRESHUTDOWN_INFO>(
           [](const auto& now) { return now.dwPreshutdownTimeout == kPreshutdownMilliseconds; }),
       &preshutdown},
  }};
  std::vector<std::string> mended;
  const auto basic = basic_configuration(service.get());
  for (const Setting& setting : settings) {
    // Only what starts with Windows can be delayed.
    const bool is_idle = setting.wanted == &delayed && basic && !basic->starts_automatically;
    if (!is_idle && mend(service.get(), setting)) mended.emplace_back(setting.words);
  }
  if (basic && quote_path(service.get(), basic->command)) {
    mended.emplace_back("the path of the program");
  }
  for (const std::string& what : mended) spdlog::info("the service's configuration: set {}", what);
  // Noted last, so that a start that was cut short counts as none.
  const bool drifted = note_configured();
  return drifted ? mended : std::vector<std::string>{};
}

void set_service_start(ServiceStart start) {
  const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
  const ServiceHandle service(
      manager ? ::OpenServiceW(manager.get(), L"Holdfast", SERVICE_CHANGE_CONFIG) : nullptr);
  if (!service || !::ChangeServiceConfigW(service.get(), SERVICE_NO_CHANGE, start_type(start),
                                          SERVICE_NO_CHANGE, nullptr, nullptr, nullptr, nullptr,
                                          nullptr, nullptr, nullptr)) {
    throw windows_error("Cannot set how the service Holdfast starts", ::GetLastError(),
                        "Do it as an administrator, where the service is installed.");
  }
}

}  // namespace holdfast
