#pragma once

#include <filesystem>
#include <string>

#include "service/platform/storage.h"

namespace holdfast {

// Brings what stands in the -wal or the -journal beside a staged database into its file, as its
// application would have when it was opened next, and takes both away. Nobody else has it open.
// Throws Error(ArchiveDamaged) where that cannot be; `archive` and `name` are what it is called in
// what is thrown.
void take_in_sidecars(Storage& storage, const std::filesystem::path& database,
                      const std::string& archive, const std::string& name);

}  // namespace holdfast
