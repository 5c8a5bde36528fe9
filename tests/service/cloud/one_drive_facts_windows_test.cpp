#include <windows.h>

#include <fstream>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_identity.h"
#include "service/cloud/cloud_roots.h"
#include "service/cloud/one_drive_facts.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wine.h"

namespace holdfast {
namespace {

const std::wstring kSyncRootManager =
    L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\SyncRootManager";
const std::wstring kOneDrive = L"\\Software\\Microsoft\\OneDrive";
const std::filesystem::path kProfile = L"C:\\Users\\Ann";

// What OneDrive and Windows keep about the user who runs this, made up and removed again, with what
// else is there: for a throw-away Windows only.
class MadeUpRegistry {
 public:
  MadeUpRegistry() { clear(); }
  MadeUpRegistry(const MadeUpRegistry&) = delete;
  MadeUpRegistry& operator=(const MadeUpRegistry&) = delete;
  ~MadeUpRegistry() { clear(); }

  const std::string& sid() const { return sid_; }
  OneDriveFacts facts() const { return one_drive_facts(sid_, kProfile); }

  void make_account(const std::wstring& name) const { made(HKEY_USERS, account_path(name)); }
  void set_account(const std::wstring& name, const wchar_t* value, std::wstring_view text,
                   DWORD type = REG_SZ) const {
    set(made(HKEY_USERS, account_path(name)), value, text, type);
  }
  template <std::size_t Size>
  void set_account_bytes(const std::wstring& name, const wchar_t* value,
                         const char (&bytes)[Size]) const {
    REQUIRE(::RegSetValueExW(made(HKEY_USERS, account_path(name)).get(), value, 0, REG_SZ,
                             reinterpret_cast<const BYTE*>(bytes), Size - 1) == ERROR_SUCCESS);
  }
  void set_environment(const wchar_t* name, std::wstring_view text, DWORD type = REG_SZ) const {
    set(made(HKEY_USERS, user_ + L"\\Environment"), name, text, type);
  }
  void set_sync_root(const std::wstring& id, const std::wstring& user, std::wstring_view text,
                     DWORD type = REG_SZ) const {
    set(made(HKEY_LOCAL_MACHINE, kSyncRootManager + L"\\" + id + L"\\UserSyncRoots"), user.c_str(),
        text, type);
  }
  void set_sync_root(const std::wstring& id, std::wstring_view text) const {
    set_sync_root(id, user_, text);
  }
  std::wstring own_id(const std::wstring& account) const {
    return L"OneDrive!" + user_ + L"!" + account + L"|0a1b";
  }

 private:
  static RegistryKey made(HKEY parent, const std::wstring& path) {
    RegistryKey key;
    REQUIRE(::RegCreateKeyExW(parent, path.c_str(), 0, nullptr, 0,
                              KEY_READ | KEY_SET_VALUE | KEY_WOW64_64KEY, nullptr, key.put(),
                              nullptr) == ERROR_SUCCESS);
    return key;
  }
  // Windows takes a zero along that stands behind the text.
  static void set(const RegistryKey& key, const wchar_t* name, std::wstring_view text, DWORD type) {
    REQUIRE(::RegSetValueExW(key.get(), name, 0, type, reinterpret_cast<const BYTE*>(text.data()),
                             static_cast<DWORD>(text.size() * sizeof(wchar_t))) == ERROR_SUCCESS);
  }

  std::wstring account_path(const std::wstring& name) const {
    return user_ + kOneDrive + L"\\Accounts\\" + name;
  }

  void clear() const {
    remove(HKEY_USERS, user_ + kOneDrive);
    remove(HKEY_LOCAL_MACHINE, kSyncRootManager);
    RegistryKey environment;
    ::RegOpenKeyExW(HKEY_USERS, (user_ + L"\\Environment").c_str(), 0, KEY_SET_VALUE,
                    environment.put());
    for (const wchar_t* name : {L"OneDrive", L"OneDriveConsumer", L"OneDriveCommercial"}) {
      ::RegDeleteValueW(environment.get(), name);
    }
  }
  static void remove(HKEY parent, const std::wstring& path) {
    {
      RegistryKey key;
      if (::RegOpenKeyExW(parent, path.c_str(), 0, KEY_ALL_ACCESS | KEY_WOW64_64KEY, key.put()) !=
          ERROR_SUCCESS) {
        return;
      }
      ::RegDeleteTreeW(key.get(), nullptr);
    }
    ::RegDeleteKeyExW(parent, path.c_str(), KEY_WOW64_64KEY, 0);
  }

  std::string sid_ = process_user_sid();
  std::wstring user_ = to_utf16(sid_);
};

constexpr const char* kRealRegistry = "nobody's real OneDrive is touched";

std::vector<std::string> folders(const std::vector<SyncRootEntry>& entries) {
  std::vector<std::string> folders;
  for (const SyncRootEntry& entry : entries) folders.push_back(entry.folder);
  return folders;
}

TEST_CASE("The accounts of a user are read from that user's part of the registry") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  CHECK(registry.facts().accounts.empty());
  registry.set_account(L"Personal", L"UserFolder", L"C:\\Users\\J\u00FCrgen\\OneDrive\0");
  registry.set_account(L"Personal", L"UserEmail", L"ann@home.example");
  registry.make_account(L"Business1");
  registry.set_account(L"Business2", L"UserFolder", L"");
  registry.set_account(L"Business10", L"UserFolder", L"C:\\x");
  registry.set_account(L"Strange", L"UserFolder", L"C:\\x");
  const auto accounts = registry.facts().accounts;
  REQUIRE(accounts.size() == 3);
  CHECK(accounts[0].key == "Personal");
  CHECK(accounts[0].folder == "C:\\Users\\J\xC3\xBCrgen\\OneDrive");
  CHECK(accounts[0].email == "ann@home.example");
  CHECK(accounts[1].key == "Business1");
  CHECK(accounts[1].folder.empty());
  CHECK(accounts[2].key == "Business2");
  CHECK(accounts[2].folder.empty());
}

TEST_CASE("A value of a wrong type, an odd length or too long a text is as if it were not there") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  const std::wstring text = L"C:\\Users\\Ann\\OneDrive and more behind";
  const auto folder = [&](std::wstring_view value, DWORD type = REG_SZ) {
    registry.set_account(L"Personal", L"UserFolder", value, type);
    return registry.facts().accounts.at(0).folder;
  };
  for (const DWORD type : {REG_BINARY, REG_DWORD, REG_QWORD, REG_MULTI_SZ, REG_NONE, REG_LINK}) {
    CAPTURE(type);
    CHECK(folder(std::wstring_view(text).substr(0, 21), type).empty());
  }
  CHECK(folder(std::wstring_view(text).substr(0, 21)) == "C:\\Users\\Ann\\OneDrive");
  CHECK(folder({L"C:\\x\0\0\0", 7}) == "C:\\x");
  CHECK(folder({L"C:\\x\0y", 6}) == std::string("C:\\x\0y", 6));
  CHECK(folder({L"\0\0", 2}).empty());
  const std::wstring longest(500'000, L'x');
  CHECK(folder(longest.substr(1)).empty());
  const std::wstring_view units = longest;
  CHECK(folder(units.substr(0, kLongestFactUnits)).size() == kLongestFactUnits);
  CHECK(folder(units.substr(0, kLongestFactUnits + 1)).empty());
  registry.set_account_bytes(L"Personal", L"UserFolder", "C\0:\0\\\0x\0y");
  CHECK(registry.facts().accounts.at(0).folder == "C:\\x");
  CHECK(folder(L"C:\\\xD800\\OneDrive") == "C:\\\xEF\xBF\xBD\\OneDrive");
}

TEST_CASE("Variables in a text stand for the user's profile, never for the service's environment") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  const auto expanded = [&](const wchar_t* text) {
    registry.set_account(L"Personal", L"UserFolder", text, REG_EXPAND_SZ);
    return registry.facts().accounts.at(0).folder;
  };
  CHECK(expanded(L"C:\\OneDrive") == "C:\\OneDrive");
  CHECK(expanded(L"%USERPROFILE%\\OneDrive") == "C:\\Users\\Ann\\OneDrive");
  CHECK(expanded(L"%UserProfile%\\OneDrive - 100%") == "C:\\Users\\Ann\\OneDrive - 100%");
  CHECK(expanded(L"%SystemRoot%\\OneDrive").empty());
  CHECK(expanded(L"%USERPROFILE%\\%TEMP%").empty());
  CHECK(expanded(L"C:\\%USERNAME%\\OneDrive").empty());
  registry.set_account(L"Personal", L"UserFolder", L"%USERPROFILE%\\OneDrive");
  CHECK(registry.facts().accounts.at(0).folder == "%USERPROFILE%\\OneDrive");
}

TEST_CASE("The user's sync roots of OneDrive are read, with '!' and '|' in the names of the keys") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  CHECK(registry.facts().sync_roots.empty());
  registry.set_sync_root(registry.own_id(L"Personal"), L"C:\\Users\\Ann\\OneDrive");
  registry.set_sync_root(registry.own_id(L"Business1+1"), L"C:\\Users\\Ann\\Forms");
  registry.set_sync_root(L"Dropbox!x!y|z", L"C:\\Users\\Ann\\Dropbox");
  registry.set_sync_root(L"OneDrive!S-1-5-21-1-2-3-1002!Personal|x", L"S-1-5-21-1-2-3-1002",
                         L"C:\\Users\\Bob\\OneDrive");
  registry.set_sync_root(L"OneDrive!wrong", to_utf16(registry.sid()), L"C:\\x", REG_BINARY);
  const OneDriveFacts facts = registry.facts();
  CHECK(folders(facts.sync_roots) ==
        std::vector<std::string>{"C:\\Users\\Ann\\Forms", "C:\\Users\\Ann\\OneDrive"});
  const auto roots = cloud_roots(facts, [](const std::string&) { return true; });
  REQUIRE(roots.size() == 2);
  CHECK(roots[0].account == "personal");
  CHECK(roots[1].account == "business1");
}

TEST_CASE("However many sync roots there are, few are read") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  for (int i = 0; i < 100; ++i) {
    registry.set_sync_root(registry.own_id(L"Business" + std::to_wstring(i)), L"C:\\x");
  }
  CHECK(registry.facts().sync_roots.size() == kMostSyncRoots);
}

TEST_CASE("The variables of OneDrive are read from the user's environment, not from this one's") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  ::SetEnvironmentVariableW(L"OneDriveConsumer", L"C:\\of\\this\\process");
  registry.set_environment(L"OneDrive", L"%USERPROFILE%\\OneDrive", REG_EXPAND_SZ);
  registry.set_environment(L"OneDriveCommercial", L"C:\\Work");
  const auto environment = registry.facts().environment;
  ::SetEnvironmentVariableW(L"OneDriveConsumer", nullptr);
  REQUIRE(environment.size() == 2);
  CHECK(environment[0].name == "OneDrive");
  CHECK(environment[0].folder == "C:\\Users\\Ann\\OneDrive");
  CHECK(environment[1].name == "OneDriveCommercial");
  CHECK(environment[1].folder == "C:\\Work");
}

TEST_CASE("What is no SID leads nowhere in the registry") {
  if (!runs_under_wine()) SKIP(kRealRegistry);
  const MadeUpRegistry registry;
  registry.set_account(L"Personal", L"UserFolder", L"C:\\x");
  registry.set_environment(L"OneDrive", L"C:\\x");
  REQUIRE(registry.facts().accounts.size() == 1);
  for (const std::string& sid :
       {std::string(), std::string("S-1-"), registry.sid() + "\\", "\\" + registry.sid(),
        registry.sid() + "\\Software\\..", registry.sid() + std::string(1, '\0'),
        "s" + registry.sid().substr(1), registry.sid() + " ", ".DEFAULT\\..\\" + registry.sid(),
        "S-1-5-" + std::string(200, '1'), std::string("S-1-5-21-999-999-999-999")}) {
    CAPTURE(sid);
    const OneDriveFacts facts = one_drive_facts(sid, kProfile);
    CHECK(facts.accounts.empty());
    CHECK(facts.environment.empty());
  }
}

TEST_CASE("OneDrive is installed where its program is, for the user alone or for everybody") {
  const TemporaryFolder profile;
  const auto program =
      profile.path() / "AppData" / "Local" / "Microsoft" / "OneDrive" / "OneDrive.exe";
  if (one_drive_facts("", profile.path()).is_installed) SKIP("it is installed here for everybody");
  std::filesystem::create_directories(program);
  CHECK_FALSE(one_drive_facts("", profile.path()).is_installed);
  std::filesystem::remove(program);
  std::ofstream(program) << "MZ";
  CHECK(one_drive_facts("", profile.path()).is_installed);
}

}  // namespace
}  // namespace holdfast
