#include "service/backup/sqlite_rows.h"

#include <cstddef>

#include "service/backup/sqlite_failure.h"

namespace holdfast {

RowsEnd each_row(const std::filesystem::path& database, sqlite3* connection, const std::string& sql,
                 const std::function<void(sqlite3_stmt* row)>& take) {
  sqlite3_stmt* row = nullptr;
  int result = ::sqlite3_prepare_v2(connection, sql.c_str(), -1, &row, nullptr);
  const SqliteStatement statement(row);
  if (result == SQLITE_OK) {
    while ((result = ::sqlite3_step(row)) == SQLITE_ROW) take(row);
  }
  switch (result & 0xFF) {
    case SQLITE_DONE: return RowsEnd::AllRead;
    case SQLITE_CORRUPT: return RowsEnd::Damaged;
    case SQLITE_ERROR: return RowsEnd::NotUnderstood;
    default: throw sqlite_failure(database, result, connection);
  }
}

std::string text_column(sqlite3_stmt* row, int column) {
  const unsigned char* value = ::sqlite3_column_text(row, column);
  const auto length = static_cast<std::size_t>(::sqlite3_column_bytes(row, column));
  return value == nullptr ? std::string() : std::string(value, value + length);
}

std::string in_quotes(const std::string& name, char quote) {
  std::string text(1, quote);
  for (const char letter : name) text.append(letter == quote ? 2 : 1, letter);
  return text + quote;
}

}  // namespace holdfast
