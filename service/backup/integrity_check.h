#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// What a page cache of integrity_faults() holds.
constexpr std::uint64_t kIntegrityCacheBytes = 16'000 * std::uint64_t{1024};

// What is wrong with the database: the first faults, one a line; empty when all is well. It finds
// whatever PRAGMA integrity_check finds, and checks as much as it can: where the schema uses
// functions or collations that only the application has, quick_check without the CHECK constraints;
// where that cannot run either, quick_check of each table that it can read. Throws Error when the
// file cannot be read; `database` is what the error names.
//
// Databases with more bytes than `small_bytes`, which do not fit into the cache, are read in the
// order of their pages' trees where that tells as much, so that the time grows only with their
// size.
std::string integrity_faults(const std::filesystem::path& database, sqlite3* connection,
                             std::uint64_t small_bytes = kIntegrityCacheBytes);

}  // namespace holdfast
