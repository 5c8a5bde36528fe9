#pragma once

#include <filesystem>

#include "service/platform/storage.h"

namespace holdfast {

// What became of a restore that was broken off.
enum class Recovery {
  Nothing,     // there was none
  RolledBack,  // all is as it was before
  Finished,    // all is as it was restored
};

// Brings a restore over this database that was broken off, by a crash or a power loss, to its end:
// to what was there before or to what was restored, never to a mixture. Does nothing while there is
// none. Throws Error when that cannot be done now; try again later.
Recovery recover_restore(Storage& storage, const std::filesystem::path& database);

}  // namespace holdfast
