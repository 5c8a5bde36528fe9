#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "service/platform/sqlite_query.h"

namespace holdfast {

// What a database is made for: the tables of its application with their columns, and the numbers
// that the application gave it.
struct SchemaOutline {
  // Table -> its columns, each with its declared type, in their order. Of a table that SQLite alone
  // cannot open, for want of a module that only the application has, no columns are known.
  std::map<std::string, std::vector<std::string>> tables;
  std::int64_t application_id = 0;
  std::int64_t user_version = 0;
  std::uint32_t page_size = 0;
  std::uint64_t bytes = 0;
};

// Without SQLite's own tables, and those that virtual tables keep for themselves.
SchemaOutline schema_outline(sqlite3* connection, const SqliteFailure& failure);

// How many rows a table has.
std::int64_t row_count(sqlite3* connection, const std::string& table, const SqliteFailure& failure);

}  // namespace holdfast
