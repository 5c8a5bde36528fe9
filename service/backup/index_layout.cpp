#include "service/backup/index_layout.h"

#include <algorithm>
#include <map>
#include <utility>

#include "service/backup/sqlite_rows.h"

namespace holdfast {
namespace {

// The schema as its pragmas tell it: a table of the application could hide their table-valued
// functions behind the same names.
class SchemaReader {
 public:
  SchemaReader(const std::filesystem::path& database, sqlite3* connection)
      : database_(database), connection_(connection) {}

  std::vector<TableLayout> read();
  bool has_failed() const { return has_failed_; }

 private:
  struct Column {
    bool is_in_key;
    int number;  // negative for the rowid and for an expression
    std::string name;
    std::string collation;
    Direction direction;
  };
  struct Index {
    std::string name;
    bool is_unique;
    bool is_partial;
  };

  std::vector<std::string> table_names();
  std::vector<Index> indexes(const std::string& table);
  std::vector<Column> columns(const std::string& index);
  std::string rowid_name(const std::string& table);
  std::optional<IndexLayout> layout(const Index& index, const std::string& rowid);

  void rows(const std::string& sql, const std::function<void(sqlite3_stmt*)>& take) {
    if (each_row(database_, connection_, sql, take) != RowsEnd::AllRead) has_failed_ = true;
  }

  const std::filesystem::path& database_;
  sqlite3* connection_;
  bool has_failed_ = false;
  bool is_utf8_ = false;
  std::map<std::string, std::uint32_t> root_pages_;  // of the indexes
};

constexpr int kRowid = -1;

bool equal_without_case(const std::string& one, const char* other) {
  return ::sqlite3_stricmp(one.c_str(), other) == 0;
}

std::optional<Collation> known_collation(const std::string& name) {
  if (equal_without_case(name, "BINARY")) return Collation::Binary;
  if (equal_without_case(name, "NOCASE")) return Collation::NoCase;
  if (equal_without_case(name, "RTRIM")) return Collation::RTrim;
  return std::nullopt;
}

std::vector<TableLayout> SchemaReader::read() {
  rows("PRAGMA encoding", [&](sqlite3_stmt* row) { is_utf8_ = text_column(row, 0) == "UTF-8"; });
  rows("SELECT name, rootpage FROM main.sqlite_schema WHERE type LIKE 'index'",
       [&](sqlite3_stmt* row) {
         root_pages_[text_column(row, 0)] =
             static_cast<std::uint32_t>(::sqlite3_column_int64(row, 1));
       });
  std::vector<TableLayout> tables;
  for (const std::string& table : table_names()) {
    const std::vector<Index> found = indexes(table);
    if (found.empty()) continue;
    const std::string rowid = rowid_name(table);
    std::vector<IndexLayout> layouts;
    for (const Index& index : found) {
      if (auto known = layout(index, rowid)) layouts.push_back(std::move(*known));
    }
    const bool all = layouts.size() == found.size();
    tables.push_back({table, all ? std::optional(std::move(layouts)) : std::nullopt});
  }
  return tables;
}

// PRAGMA table_list would expand every view. SQLite takes `type` in any case.
std::vector<std::string> SchemaReader::table_names() {
  std::vector<std::string> names;
  rows("SELECT name FROM main.sqlite_schema WHERE type LIKE 'table' AND rootpage > 0",
       [&](sqlite3_stmt* row) { names.push_back(text_column(row, 0)); });
  return names;
}

std::vector<SchemaReader::Index> SchemaReader::indexes(const std::string& table) {
  std::vector<Index> found;
  rows("PRAGMA main.index_list(" + in_quotes(table, '\'') + ")", [&](sqlite3_stmt* row) {
    found.push_back({.name = text_column(row, 1),
                     .is_unique = ::sqlite3_column_int(row, 2) != 0,
                     .is_partial = ::sqlite3_column_int(row, 4) != 0});
  });
  return found;
}

std::vector<SchemaReader::Column> SchemaReader::columns(const std::string& index) {
  std::vector<Column> found;
  rows("PRAGMA main.index_xinfo(" + in_quotes(index, '\'') + ")", [&](sqlite3_stmt* row) {
    const bool descends = ::sqlite3_column_int(row, 3) != 0;
    found.push_back({.is_in_key = ::sqlite3_column_int(row, 5) != 0,
                     .number = ::sqlite3_column_int(row, 1),
                     .name = text_column(row, 2),
                     .collation = text_column(row, 4),
                     .direction = descends ? Direction::Descending : Direction::Ascending});
  });
  return found;
}

// The one of SQLite's names for it that no column has; empty when there is none.
std::string SchemaReader::rowid_name(const std::string& table) {
  std::vector<std::string> names{"rowid", "_rowid_", "oid"};
  rows("PRAGMA main.table_xinfo(" + in_quotes(table, '\'') + ")", [&](sqlite3_stmt* row) {
    const std::string column = text_column(row, 1);
    std::erase_if(
        names, [&](const std::string& name) { return equal_without_case(column, name.c_str()); });
  });
  return names.empty() ? std::string() : "t." + names.front();
}

std::optional<IndexLayout> SchemaReader::layout(const Index& index, const std::string& rowid) {
  const auto root = root_pages_.find(index.name);
  if (!is_utf8_ || index.is_partial || rowid.empty() || root == root_pages_.end()) {
    return std::nullopt;
  }
  IndexLayout made{.name = index.name, .root_page = root->second, .is_unique = index.is_unique};
  const std::vector<Column> found = columns(index.name);
  if (found.empty() || found.back().number != kRowid || found.back().is_in_key) return std::nullopt;
  for (const Column& column : found) {
    const auto collation = known_collation(column.collation);
    if (!collation || column.number < kRowid) return std::nullopt;
    const std::string value = column.number == kRowid ? rowid : "t." + in_quotes(column.name, '"');
    made.columns.push_back({value, {*collation, column.direction}});
    if (column.is_in_key) ++made.key_columns;
  }
  return made;
}

}  // namespace

std::optional<std::vector<TableLayout>> indexed_tables(const std::filesystem::path& database,
                                                       sqlite3* connection) {
  SchemaReader reader(database, connection);
  std::vector<TableLayout> tables = reader.read();
  if (reader.has_failed()) return std::nullopt;
  return tables;
}

}  // namespace holdfast
