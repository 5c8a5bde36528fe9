#include "service/backup/schema_hash.h"

#include <algorithm>
#include <array>
#include <vector>

#include "service/archive/content_hash.h"
#include "service/backup/schema_text.h"
#include "service/backup/sqlite_failure.h"

namespace holdfast {
namespace {

// What SQLite adds for itself, statistics and automatic indexes, comes and goes.
constexpr const char* kSchema =
    "SELECT name, type, tbl_name, sql FROM sqlite_schema "
    "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

std::string text(sqlite3_stmt* row, int column) {
  const unsigned char* value = ::sqlite3_column_text(row, column);
  const auto length = static_cast<std::size_t>(::sqlite3_column_bytes(row, column));
  return value == nullptr ? std::string() : std::string(value, value + length);
}

}  // namespace

std::string schema_hash(const std::filesystem::path& database, sqlite3* connection) {
  sqlite3_stmt* row = nullptr;
  int result = ::sqlite3_prepare_v2(connection, kSchema, -1, &row, nullptr);
  const SqliteStatement statement(row);
  std::vector<std::array<std::string, 4>> rows;
  while (result == SQLITE_OK || result == SQLITE_ROW) {
    result = ::sqlite3_step(row);
    if (result != SQLITE_ROW) break;
    rows.push_back({text(row, 0), text(row, 1), text(row, 2), normalized_sql(text(row, 3))});
  }
  if (result != SQLITE_DONE) throw sqlite_failure(database, result, connection);
  // Here and not in SQL, whose order depends on the encoding of the database.
  std::ranges::sort(rows);
  ContentHash hash;
  for (const auto& parts : rows) {
    // Each text ends in a zero byte, which no text of a schema holds.
    for (const std::string& part : parts) {
      hash.add(std::as_bytes(std::span(part.c_str(), part.size() + 1)));
    }
  }
  return hash.digits();
}

}  // namespace holdfast
