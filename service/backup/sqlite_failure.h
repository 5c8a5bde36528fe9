#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "common/error.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

// Why `database` cannot be read, for a result that SQLite gave on `connection`.
Error sqlite_failure(const std::filesystem::path& database, int result, sqlite3* connection);

// Whether a file that is no database may be an encrypted one: whole pages of bytes that look
// random. `start` are its first bytes, 1 KiB unless it is shorter.
bool looks_encrypted(std::span<const std::byte> start, std::uint64_t file_bytes);

}  // namespace holdfast
