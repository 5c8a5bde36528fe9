#include <windows.h>
#include <shlobj.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "common/utf16.h"
#include "service/archive/entry_name.h"
#include "service/cloud/one_drive_facts.h"

namespace holdfast {
namespace {

constexpr const wchar_t* kSyncRootManager =
    L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\SyncRootManager";
constexpr std::string_view kOneDrive = "onedrive!";
constexpr DWORD kMostSyncRootsOfAll = 1000;
constexpr std::size_t kLongestKeyName = 255;
// The accounts that a configuration can name; others are not looked for, however many there are.
constexpr std::array kAccountKeys{"Personal",  "Business1", "Business2", "Business3", "Business4",
                                  "Business5", "Business6", "Business7", "Business8", "Business9"};
constexpr std::array kVariables{"OneDrive", "OneDriveConsumer", "OneDriveCommercial"};

// "S-1-5-21-1-2-3-1001": nothing that would lead to another key.
bool is_sid(std::string_view text) {
  constexpr std::string_view kBeginning = "S-1-";
  constexpr std::size_t kLongest = 184;
  if (!text.starts_with(kBeginning) || text.size() > kLongest) return false;
  text.remove_prefix(kBeginning.size());
  return !text.empty() && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

RegistryKey opened(HKEY parent, const std::string& path) {
  RegistryKey key;
  ::RegOpenKeyExW(parent, to_utf16(path).c_str(), 0, KEY_READ | KEY_WOW64_64KEY, key.put());
  return key;
}

// With its variables replaced. The service's own environment would give another user's folders, so
// a text with a variable other than the profile is none.
std::string expanded(std::string_view text, const std::filesystem::path& profile) {
  constexpr std::string_view kProfile = "%userprofile%";
  std::string beginning;
  if (folded_name(text).starts_with(kProfile)) {
    beginning = path_text(profile);
    text.remove_prefix(kProfile.size());
  }
  return std::ranges::count(text, '%') > 1 ? std::string() : beginning.append(text);
}

// The value's text; empty when it is none.
std::string text_of(const RegistryKey& key, const std::string& name,
                    const std::filesystem::path& profile) {
  std::array<wchar_t, kLongestFactUnits> units{};
  auto bytes = static_cast<DWORD>(sizeof units);
  DWORD type = 0;
  if (::RegQueryValueExW(key.get(), to_utf16(name).c_str(), nullptr, &type,
                         reinterpret_cast<BYTE*>(units.data()), &bytes) != ERROR_SUCCESS) {
    return {};
  }
  if (type != REG_SZ && type != REG_EXPAND_SZ) return {};
  std::wstring_view text(units.data(), bytes / sizeof(wchar_t));
  // There need not be a zero at the end. One in the middle stays: such a text is not to be trusted.
  while (text.ends_with(L'\0')) text.remove_suffix(1);
  if (type == REG_SZ) return to_utf8(text);
  return expanded(to_utf8(text), profile);
}

std::vector<OneDriveAccount> accounts_of(const std::string& sid,
                                         const std::filesystem::path& profile) {
  std::vector<OneDriveAccount> accounts;
  const RegistryKey all = opened(HKEY_USERS, sid + "\\Software\\Microsoft\\OneDrive\\Accounts");
  if (!all) return accounts;
  for (const char* name : kAccountKeys) {
    const RegistryKey key = opened(all.get(), name);
    if (!key) continue;
    accounts.push_back({.key = name,
                        .folder = text_of(key, "UserFolder", profile),
                        .email = text_of(key, "UserEmail", profile)});
  }
  return accounts;
}

std::vector<SyncRootEntry> sync_roots_of(const std::string& sid,
                                         const std::filesystem::path& profile) {
  std::vector<SyncRootEntry> entries;
  RegistryKey all;
  if (::RegOpenKeyExW(HKEY_LOCAL_MACHINE, kSyncRootManager, 0, KEY_READ | KEY_WOW64_64KEY,
                      all.put()) != ERROR_SUCCESS) {
    return entries;
  }
  for (DWORD index = 0; index < kMostSyncRootsOfAll && entries.size() < kMostSyncRoots; ++index) {
    std::array<wchar_t, kLongestKeyName + 1> name{};
    auto length = static_cast<DWORD>(name.size());
    if (::RegEnumKeyExW(all.get(), index, name.data(), &length, nullptr, nullptr, nullptr,
                        nullptr) != ERROR_SUCCESS) {
      break;
    }
    std::string id = to_utf8({name.data(), length});
    if (!folded_name(id).starts_with(kOneDrive)) continue;
    const RegistryKey users = opened(all.get(), id + "\\UserSyncRoots");
    if (!users) continue;
    std::string folder = text_of(users, sid, profile);
    if (!folder.empty()) entries.push_back({std::move(id), std::move(folder)});
  }
  return entries;
}

std::vector<EnvironmentFolder> environment_of(const std::string& sid,
                                              const std::filesystem::path& profile) {
  std::vector<EnvironmentFolder> folders;
  const RegistryKey key = opened(HKEY_USERS, sid + "\\Environment");
  if (!key) return folders;
  for (const char* name : kVariables) {
    std::string folder = text_of(key, name, profile);
    if (!folder.empty()) folders.push_back({name, std::move(folder)});
  }
  return folders;
}

std::vector<std::string> default_folders(const std::filesystem::path& profile) {
  std::vector<std::string> folders;
  if (!profile.is_absolute()) return folders;
  WIN32_FIND_DATAW found{};
  const FindHandle search(::FindFirstFileW((profile / L"OneDrive*").c_str(), &found));
  if (!search) return folders;
  do {
    if ((found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0) {
      folders.push_back(path_text(profile / found.cFileName));
    }
  } while (folders.size() < kMostDefaultFolders && ::FindNextFileW(search.get(), &found));
  std::ranges::sort(folders);
  return folders;
}

struct FreeTaskMemory {
  void operator()(wchar_t* text) const { ::CoTaskMemFree(text); }
};

bool is_file(const std::filesystem::path& path) {
  const DWORD attributes = ::GetFileAttributesW(path.c_str());
  return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

// Installed for everybody.
bool is_among_programs(const KNOWNFOLDERID& id) {
  wchar_t* raw = nullptr;
  const HRESULT told = ::SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, nullptr, &raw);
  const std::unique_ptr<wchar_t, FreeTaskMemory> folder(raw);
  return SUCCEEDED(told) &&
         is_file(std::filesystem::path(folder.get()) / L"Microsoft OneDrive" / L"OneDrive.exe");
}

bool is_installed(const std::filesystem::path& profile) {
  return is_file(profile / L"AppData" / L"Local" / L"Microsoft" / L"OneDrive" / L"OneDrive.exe") ||
         is_among_programs(FOLDERID_ProgramFiles) || is_among_programs(FOLDERID_ProgramFilesX86);
}

}  // namespace

OneDriveFacts one_drive_facts(const std::string& sid, const std::filesystem::path& profile) {
  OneDriveFacts facts{.sid = sid,
                      .is_installed = is_installed(profile),
                      .default_folders = default_folders(profile)};
  if (!is_sid(sid)) return facts;
  facts.accounts = accounts_of(sid, profile);
  facts.sync_roots = sync_roots_of(sid, profile);
  facts.environment = environment_of(sid, profile);
  return facts;
}

}  // namespace holdfast
