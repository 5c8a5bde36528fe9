#include "service/restore/schema_outline.h"

#include "common/error.h"

namespace holdfast {
namespace {

std::int64_t number_of(sqlite3* connection, const char* pragma, const SqliteFailure& failure) {
  SqliteQuery query(connection, std::string("PRAGMA ") + pragma, failure);
  return query.next_row() ? query.number(0) : 0;
}

std::vector<std::string> columns_of(sqlite3* connection, const std::string& table) {
  std::vector<std::string> columns;
  try {
    const auto unknown = [](int) { return Error(ErrorCode::NotADatabase, "", ""); };
    SqliteQuery query(connection, "SELECT name, type FROM pragma_table_info(?)", unknown);
    query.with(table);
    while (query.next_row()) {
      const std::string type = query.text(1);
      columns.push_back(type.empty() ? query.text(0) : query.text(0) + ' ' + type);
    }
  } catch (const Error&) {
    columns.clear();
  }
  return columns;
}

std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char letter : name) {
    text += letter;
    if (letter == '"') text += letter;
  }
  return text + '"';
}

}  // namespace

SchemaOutline schema_outline(sqlite3* connection, const SqliteFailure& failure) {
  SchemaOutline outline{
      .application_id = number_of(connection, "application_id", failure),
      .user_version = number_of(connection, "user_version", failure),
      .page_size = static_cast<std::uint32_t>(number_of(connection, "page_size", failure))};
  outline.bytes =
      static_cast<std::uint64_t>(number_of(connection, "page_count", failure)) * outline.page_size;
  SqliteQuery query(connection,
                    "SELECT name FROM pragma_table_list WHERE schema = 'main' "
                    "AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                    failure);
  while (query.next_row()) outline.tables[query.text(0)];
  for (auto& [table, columns] : outline.tables) columns = columns_of(connection, table);
  return outline;
}

std::int64_t row_count(sqlite3* connection, const std::string& table,
                       const SqliteFailure& failure) {
  SqliteQuery query(connection, "SELECT count(*) FROM main." + quoted(table), failure);
  return query.next_row() ? query.number(0) : 0;
}

}  // namespace holdfast
