#include <windows.h>
#include <wtsapi32.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <spdlog/spdlog.h>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "common/windows_identity.h"
#include "service/config/path_rules.h"
#include "service/platform/known_folders.h"
#include "service/platform/signed_in_users.h"

namespace holdfast {
namespace {

struct FreeSessionMemory {
  void operator()(void* told) const { ::WTSFreeMemory(told); }
};

// The token is the one of the session: of an administrator who is not elevated it has no more
// rights than anybody's.
class TokenRights final : public UserRights {
 public:
  explicit TokenRights(KernelHandle token) : token_(std::move(token)) {}

 private:
  void take_on() const override {
    if (::ImpersonateLoggedOnUser(token_.get())) return;
    const DWORD code = ::GetLastError();
    throw Error(
        ErrorCode::AccessDenied,
        "Cannot act with the rights of a user who was signed in: " + windows_error_text(code) + ".",
        "It is tried again when the user has signed in.");
  }

  void lay_down() const noexcept override {
    if (!::RevertToSelf()) std::abort();
  }

  KernelHandle token_;
};

constexpr const wchar_t* kProfileList =
    L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";

// Empty where there is none.
std::filesystem::path profile_folder(const std::wstring& sid) {
  const std::wstring key = std::wstring(kProfileList) + L"\\" + sid;
  std::array<wchar_t, 520> path{};
  DWORD bytes = sizeof path;
  if (::RegGetValueW(HKEY_LOCAL_MACHINE, key.c_str(), L"ProfileImagePath", RRF_RT_REG_SZ, nullptr,
                     path.data(), &bytes) != ERROR_SUCCESS) {
    return {};
  }
  return path.data();
}

// Of this machine, of a domain, or of a directory in the cloud; the system's accounts are others.
bool is_of_a_person(std::wstring_view sid) {
  return sid.starts_with(L"S-1-5-21-") || sid.starts_with(L"S-1-12-1-");
}

bool has_user(const WTS_SESSION_INFOW& session) {
  // Session 0 is the services' own.
  return session.SessionId != 0 && (session.State == WTSActive || session.State == WTSDisconnected);
}

// Empty where nobody is signed in, as at a screen that waits for somebody.
std::wstring session_text(DWORD session, WTS_INFO_CLASS what) {
  LPWSTR raw = nullptr;
  DWORD bytes = 0;
  if (!::WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, session, what, &raw, &bytes)) {
    return {};
  }
  const std::unique_ptr<wchar_t, FreeSessionMemory> text(raw);
  return text.get();
}

// Whose session it is, also where that user's token cannot be had; empty where nobody's, or where
// that is not known.
std::string session_sid(DWORD session) {
  const std::wstring name = session_text(session, WTSUserName);
  if (name.empty()) return {};
  const std::wstring account = session_text(session, WTSDomainName) + L"\\" + name;
  std::array<std::byte, SECURITY_MAX_SID_SIZE> sid{};
  std::array<wchar_t, 256> domain{};
  auto sid_bytes = static_cast<DWORD>(sid.size());
  auto domain_length = static_cast<DWORD>(domain.size());
  SID_NAME_USE use{};
  if (!::LookupAccountNameW(nullptr, account.c_str(), sid.data(), &sid_bytes, domain.data(),
                            &domain_length, &use)) {
    return {};
  }
  return sid_text(sid.data());
}

SignedInUser user_of(DWORD session) {
  KernelHandle token;
  if (!::WTSQueryUserToken(session, token.put())) {
    throw windows_error("Cannot have the rights of the user of session " + std::to_string(session),
                        ::GetLastError(), "It is tried again in a moment.");
  }
  SignedInUser user{.sid = token_user_sid(token.get()), .folders = user_folders(token.get())};
  user.name = profile_name(user.sid);
  user.session = session;
  user.rights = std::make_shared<TokenRights>(std::move(token));
  return user;
}

// Whose rights cannot be had is not away: what is that user's would wait without a word.
std::optional<SignedInUser> present_in(DWORD session) {
  try {
    return user_of(session);
  } catch (const Error& error) {
    const std::string sid = session_sid(session);
    if (sid.empty()) {
      spdlog::info("{}", error.what());
      return std::nullopt;
    }
    return SignedInUser{
        .sid = sid, .name = profile_name(sid), .session = session, .fault = error.line()};
  }
}

}  // namespace

std::vector<SignedInUser> signed_in_users() {
  WTS_SESSION_INFOW* raw = nullptr;
  DWORD count = 0;
  if (!::WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &raw, &count)) {
    throw windows_error("Cannot tell who is signed in", ::GetLastError(),
                        "It is tried again in a moment.");
  }
  const std::unique_ptr<WTS_SESSION_INFOW, FreeSessionMemory> sessions(raw);
  std::vector<SignedInUser> users;
  for (DWORD i = 0; i < count; ++i) {
    const WTS_SESSION_INFOW& session = sessions.get()[i];
    if (!has_user(session)) continue;
    auto user = present_in(session.SessionId);
    if (!user) continue;
    const auto same = std::ranges::find(users, user->sid, &SignedInUser::sid);
    if (same == users.end()) {
      users.push_back(*std::move(user));
    } else if (!same->fault.empty()) {
      *same = *std::move(user);
    }
  }
  return users;
}

SignedInUser this_user() {
  const std::string sid = process_user_sid();
  return {.sid = sid, .name = profile_name(sid), .folders = own_folders(), .rights = nullptr};
}

std::string profile_name(const std::string& sid) {
  const std::string name = path_text(profile_folder(to_utf16(sid)).filename());
  return name.empty() ? sid : name;
}

std::string profile_owner(const std::string& path) {
  RegistryKey profiles;
  if (::RegOpenKeyExW(HKEY_LOCAL_MACHINE, kProfileList, 0, KEY_READ | KEY_WOW64_64KEY,
                      profiles.put()) != ERROR_SUCCESS) {
    return {};
  }
  const std::string below = folded_path(path) + '\\';
  for (DWORD index = 0;; ++index) {
    std::array<wchar_t, 256> sid{};
    auto length = static_cast<DWORD>(sid.size());
    if (::RegEnumKeyExW(profiles.get(), index, sid.data(), &length, nullptr, nullptr, nullptr,
                        nullptr) != ERROR_SUCCESS) {
      return {};
    }
    if (!is_of_a_person(sid.data())) continue;
    const std::string folder = folded_path(path_text(profile_folder(sid.data())));
    if (!folder.empty() && below.starts_with(folder + '\\')) return to_utf8(sid.data());
  }
}

}  // namespace holdfast
