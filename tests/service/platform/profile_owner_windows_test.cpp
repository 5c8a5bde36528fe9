#include <windows.h>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "common/unique_handle.h"
#include "service/platform/known_folders.h"
#include "service/platform/signed_in_users.h"

namespace holdfast {
namespace {

// A user whom nobody knows, as long as the test runs.
class InventedUser {
 public:
  static constexpr const char* kSid = "S-1-5-21-1-2-3-4711";

  InventedUser() {
    ::RegCreateKeyExW(HKEY_LOCAL_MACHINE, kKey, 0, nullptr, 0, KEY_WRITE | KEY_WOW64_64KEY, nullptr,
                      key_.put(), nullptr);
    if (!key_) SKIP("Only an administrator can add a user's key.");
    constexpr wchar_t kFolder[] = L"%SystemDrive%\\Users\\Zoë";
    ::RegSetValueExW(key_.get(), L"ProfileImagePath", 0, REG_EXPAND_SZ,
                     reinterpret_cast<const BYTE*>(kFolder), sizeof kFolder);
  }
  InventedUser(const InventedUser&) = delete;
  InventedUser& operator=(const InventedUser&) = delete;
  ~InventedUser() {
    key_.reset();
    ::RegDeleteKeyExW(HKEY_LOCAL_MACHINE, kKey, KEY_WOW64_64KEY, 0);
  }

 private:
  static constexpr const wchar_t* kKey =
      L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-4711";
  RegistryKey key_;
};

TEST_CASE("Whose own folder a path lies in is told by the list of profiles") {
  const InventedUser zoe;
  CHECK(profile_owner("C:\\Users\\Zoë\\AppData\\notes.db") == InventedUser::kSid);
  CHECK(profile_owner("c:/users/Zoë") == InventedUser::kSid);
  CHECK(profile_owner("C:\\Users\\Zoë Two\\notes.db").empty());
  CHECK(profile_owner("C:\\Users\\Public\\notes.db").empty());
  CHECK(profile_owner("C:\\EMR\\clinic.db").empty());
  CHECK(profile_owner("{localappdata}\\notes.db").empty());
  CHECK(profile_name(InventedUser::kSid) == "Zoë");
}

TEST_CASE("Users' own folders lie in one that is known") {
  CHECK(path_text(profiles_folder()).ends_with("sers"));
}

}  // namespace
}  // namespace holdfast
