#pragma once

#include <filesystem>
#include <string>

#include "service/backup/sqlite_handle.h"

namespace holdfast {

// What is wrong with the database: the first faults, one a line; empty when all is well. It checks
// as much as it can: PRAGMA integrity_check; where the schema uses functions or collations that
// only the application has, quick_check without the CHECK constraints; where that cannot run
// either, quick_check of each table that it can read. Throws Error when the file cannot be read;
// `database` is what the error names.
std::string integrity_faults(const std::filesystem::path& database, sqlite3* connection);

}  // namespace holdfast
