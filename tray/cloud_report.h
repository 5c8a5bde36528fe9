#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace holdfast {

// What OneDrive says of an account, as Windows numbers it: 0 in sync, 1 syncing, 2 paused, 3 error,
// 4 warning, 5 offline.
struct AccountSight {
  std::uint32_t state = 0;
  std::uint64_t total_bytes = 0;  // 0 where it does not tell
  std::uint64_t used_bytes = 0;
};

// One of the user's OneDrive folders, as cloud.roots tells it.
struct SeenRoot {
  std::string folder;
  std::optional<AccountSight> account;  // nothing where OneDrive says nothing
};

// An archive that is not in the cloud yet.
struct SeenArchive {
  std::string folder;
  std::string file_name;
  std::optional<std::uint32_t> state;  // what the shell shows of it
};

// What of it all is told to the service, as the parameters of cloud.report; nothing when nothing
// was seen. Of the account only that is told which holds all the archives: another one that is
// paused keeps none of them waiting. What Windows does not number so is unknown.
std::optional<nlohmann::json> cloud_report(std::span<const SeenRoot> roots,
                                           std::span<const SeenArchive> archives);

}  // namespace holdfast
