#include "service/backup/schema_hash.h"

#include <algorithm>
#include <array>
#include <vector>

#include "service/archive/content_hash.h"
#include "service/backup/schema_text.h"
#include "service/backup/sqlite_failure.h"
#include "service/platform/sqlite_query.h"

namespace holdfast {
namespace {

// What SQLite adds for itself, statistics and automatic indexes, comes and goes.
constexpr const char* kSchema =
    "SELECT name, type, tbl_name, sql FROM sqlite_schema "
    "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

}  // namespace

std::string schema_hash(const std::filesystem::path& database, sqlite3* connection) {
  SqliteQuery query(connection, kSchema,
                    [&](int result) { return sqlite_failure(database, result, connection); });
  std::vector<std::array<std::string, 4>> rows;
  while (query.next_row()) {
    rows.push_back({query.text(0), query.text(1), query.text(2), normalized_sql(query.text(3))});
  }
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
