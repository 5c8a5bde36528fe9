#pragma once

#include <sqlite3.h>

#include <filesystem>

#include "common/error.h"

namespace holdfast {

// What SQLite's result means, when a live database was to be written.
Error write_failure(const std::filesystem::path& database, int result, sqlite3* connection);

}  // namespace holdfast
