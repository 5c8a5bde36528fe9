#pragma once

#include <filesystem>

#include "service/platform/storage.h"

namespace holdfast {

enum class PlacedConfig { Taken, KeptWhatWasThere };

// Makes a file the machine's configuration where there is none yet, or one that protects nothing,
// like the one that Holdfast brings. Any other stays: somebody relies on it, or is to mend it.
// Throws Error, also when the file is no good configuration.
PlacedConfig place_config(Storage& storage, const std::filesystem::path& file,
                          const std::filesystem::path& folder);

}  // namespace holdfast
