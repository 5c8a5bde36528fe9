#pragma once

#include <filesystem>
#include <functional>

#include "service/platform/storage.h"

namespace holdfast {

// What became of a restore that was broken off.
enum class Recovery {
  Nothing,     // there was none
  RolledBack,  // all is as it was before
  Finished,    // all is as it was restored
};

// Told of the folder in which is kept what an application has made, since a restore was broken off,
// in the place of what was to go there.
using OnKeptAside = std::function<void(const std::filesystem::path& folder)>;

// Brings a restore over this database that was broken off, by a crash or a power loss, to its end:
// to what was there before or to what was restored, never to a mixture. Does nothing while there is
// none. Throws Error when that cannot be done now; try again later.
Recovery recover_restore(Storage& storage, const std::filesystem::path& database,
                         const OnKeptAside& on_kept_aside = {});

}  // namespace holdfast
