#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// How reading rows ended. After Damaged, sqlite3_errmsg() tells SQLite's words for it.
enum class RowsEnd {
  AllRead,
  Damaged,       // SQLITE_CORRUPT
  NotUnderstood  // SQLITE_ERROR: the statement asks for what this connection does not have
};

// Hands each row to `take`. Throws Error when the file cannot be read, and when the connection was
// interrupted; `database` is what the error names.
RowsEnd each_row(const std::filesystem::path& database, sqlite3* connection, const std::string& sql,
                 const std::function<void(sqlite3_stmt* row)>& take);

// Empty for NULL.
std::string text_column(sqlite3_stmt* row, int column);

// The name between such quotes, as SQL wants it.
std::string in_quotes(const std::string& name, char quote);

}  // namespace holdfast
