#pragma once

#include <filesystem>
#include <string>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// XXH3 (128 bits, hexadecimal) over the normalized text of the schema. Throws Error when the schema
// cannot be read; `database` is what the error names.
std::string schema_hash(const std::filesystem::path& database, sqlite3* connection);

}  // namespace holdfast
