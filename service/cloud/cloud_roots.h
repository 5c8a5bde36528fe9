#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/cloud/one_drive_facts.h"

namespace holdfast {

struct CloudRoot {
  // As the configuration says it ("personal", "business1"); empty where it is not certain.
  std::string account;
  std::string email;   // to be shown: one line, possibly empty
  std::string folder;  // '\' between folders, none at the end

  bool operator==(const CloudRoot&) const = default;
};

// The user's OneDrive folders that are there, each once: personal, then business, then those of
// which the account is not certain. `is_folder` looks with the user's rights.
//
// What a weaker source has wrong must not lead archives to a folder that is not synced, so:
// - Of an account below Accounts, its UserFolder alone counts, and nothing when it has none:
//   SyncRootManager tells its synced SharePoint libraries in the same way as its own folder.
// - Environment and then default folders count only where nothing is below Accounts and no sync
//   root is there: they outlive signing out, and users who never signed in have such a folder too.
std::vector<CloudRoot> cloud_roots(const OneDriveFacts& facts,
                                   const std::function<bool(const std::string& folder)>& is_folder);

// The one of `roots`, which are those of `facts`, that a configuration means: that of the account,
// wherever its folder is now; with no account named the only one there is. Throws Error(NotFound)
// with a sentence that tells which it is: not installed, nobody signed in, the folder gone, several
// to choose from, or no such account.
const CloudRoot& chosen_root(const OneDriveFacts& facts, std::span<const CloudRoot> roots,
                             std::string_view account);

// A folder inside the root, named with '\' or '/' between folders. Throws Error(ConfigFaulty) for
// what would lead out of it, or is no folder's name on Windows.
std::filesystem::path folder_inside(const CloudRoot& root, std::string_view folder);

}  // namespace holdfast
