#include "service/backup/integrity_check.h"

#include <optional>
#include <vector>

#include "service/backup/sqlite_failure.h"

namespace holdfast {
namespace {

struct Rows {
  std::vector<std::string> first_columns;
  int result = SQLITE_DONE;
};

Rows run(sqlite3* connection, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  Rows rows{.result = ::sqlite3_prepare_v2(connection, sql.c_str(), -1, &raw, nullptr)};
  const SqliteStatement statement(raw);
  if (rows.result != SQLITE_OK) return rows;
  while ((rows.result = ::sqlite3_step(raw)) == SQLITE_ROW) {
    const unsigned char* text = ::sqlite3_column_text(raw, 0);
    const int bytes = ::sqlite3_column_bytes(raw, 0);
    rows.first_columns.emplace_back(text, text + (text == nullptr ? 0 : bytes));
  }
  return rows;
}

// The faults that one check reports, or nothing when it cannot run on this schema.
std::optional<std::string> check(const std::filesystem::path& database, sqlite3* connection,
                                 const std::string& pragma) {
  Rows rows = run(connection, "PRAGMA " + pragma);
  const int kind = rows.result & 0xFF;
  if (kind == SQLITE_ERROR) return std::nullopt;
  if (kind == SQLITE_CORRUPT) rows.first_columns.emplace_back(::sqlite3_errmsg(connection));
  if (kind != SQLITE_CORRUPT && kind != SQLITE_DONE) {
    throw sqlite_failure(database, rows.result, connection);
  }
  std::string faults;
  for (const std::string& line : rows.first_columns) {
    if (line == "ok") continue;
    faults += (faults.empty() ? "" : "\n") + line;
  }
  return faults;
}

std::string quoted(const std::string& name) {
  std::string text = "'";
  for (const char letter : name) text += letter == '\'' ? "''" : std::string(1, letter);
  return text + "'";
}

}  // namespace

std::string integrity_faults(const std::filesystem::path& database, sqlite3* connection) {
  // The same pages of an index are looked up again and again.
  run(connection, "PRAGMA cache_size=-16000");
  if (const auto faults = check(database, connection, "integrity_check(20)")) return *faults;
  run(connection, "PRAGMA ignore_check_constraints=1");
  if (const auto faults = check(database, connection, "quick_check(20)")) return *faults;

  const Rows tables =
      run(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0");
  if (tables.result != SQLITE_DONE) throw sqlite_failure(database, tables.result, connection);
  std::string all;
  for (const std::string& table : tables.first_columns) {
    const auto faults = check(database, connection, "quick_check(" + quoted(table) + ")");
    if (faults && !faults->empty()) all += (all.empty() ? "" : "\n") + *faults;
  }
  return all;
}

}  // namespace holdfast
