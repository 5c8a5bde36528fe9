#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/backup/index_key.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

struct IndexColumn {
  std::string value;  // the SQL that gives it for a row of the table, which is called `t` there
  KeyOrder order;
};

// What the entries of an index are made of: the columns of its key, and the rowid behind them.
struct IndexLayout {
  std::string name;
  std::uint32_t root_page = 0;
  bool is_unique = false;
  std::size_t key_columns = 0;
  std::vector<IndexColumn> columns;
};

// `indexes` is nothing when one of them is of another kind: on expressions, of some rows only, with
// a collation of its application, in UTF-16, or of a table without rowids.
struct TableLayout {
  std::string name;
  std::optional<std::vector<IndexLayout>> indexes;
};

// The tables that have an index. Nothing when the schema cannot be read; throws as each_row() does.
std::optional<std::vector<TableLayout>> indexed_tables(const std::filesystem::path& database,
                                                       sqlite3* connection);

}  // namespace holdfast
