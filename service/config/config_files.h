#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "service/config/merge_config.h"
#include "service/platform/storage.h"

namespace holdfast {

constexpr const char* kConfigFile = "config.json";
// What users added lies in a folder beside it: "users/<SID>.json".
constexpr const char* kUserConfigFolder = "users";

// A configuration's text; of one that is too long no more than shows that it is. Throws Error.
std::string config_text(Storage& storage, const std::filesystem::path& file);

// These put a text in the place of what was there: all of it, or nothing. They throw Error.
void write_machine_config(Storage& storage, const std::filesystem::path& folder,
                          std::string_view text);
void write_user_config(Storage& storage, const std::filesystem::path& folder,
                       const std::string& sid, std::string_view text);

// The machine's configuration in the folder, and those of the users. Throws Error when one cannot
// be read.
ConfigSources config_sources(Storage& storage, const std::filesystem::path& folder,
                             Policies policies);

}  // namespace holdfast
