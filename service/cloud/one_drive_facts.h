#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace holdfast {

struct OneDriveAccount {
  std::string key;     // below HKEY_USERS\<SID>\Software\Microsoft\OneDrive\Accounts: "Business1"
  std::string folder;  // empty: nobody is signed in to it
  std::string email;

  bool operator==(const OneDriveAccount&) const = default;
};

// What Windows has for the folder of a cloud program: "OneDrive!S-1-5-21-1-2-3-1001!Personal|x".
struct SyncRootEntry {
  std::string id;
  std::string folder;

  bool operator==(const SyncRootEntry&) const = default;
};

struct EnvironmentFolder {
  std::string name;  // "OneDrive", "OneDriveConsumer" or "OneDriveCommercial"
  std::string folder;

  bool operator==(const EnvironmentFolder&) const = default;
};

// What the system tells about one user's OneDrive, as it stands there: any of it may be stale, or
// have been written by that user or another to mislead.
struct OneDriveFacts {
  std::string sid;            // whose it is
  bool is_installed = false;  // OneDrive's program was seen; when it was not, that proves nothing
  std::vector<OneDriveAccount> accounts;
  std::vector<SyncRootEntry> sync_roots;
  std::vector<EnvironmentFolder> environment;
  std::vector<std::string> default_folders;  // those named "OneDrive*" in the profile, whole paths

  bool operator==(const OneDriveFacts&) const = default;
};

// Longer texts and further entries are left out, so that nobody can make the look a long one.
constexpr std::size_t kLongestFactUnits = 1024;  // of UTF-16
constexpr std::size_t kMostSyncRoots = 32;       // of this user, among the first 1000 of all
constexpr std::size_t kMostDefaultFolders = 32;

// Of the user with this SID, whose profile is that folder, seen with the rights of the calling
// thread. What is missing, cannot be read or is of a wrong type is left out.
OneDriveFacts one_drive_facts(const std::string& sid, const std::filesystem::path& profile);

}  // namespace holdfast
