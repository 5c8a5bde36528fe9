#pragma once

#include <string>
#include <vector>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// One way to make the tables and indexes of a database, with rows in them.
struct DatabaseKind {
  std::string name;
  std::string sql;
  // Whether every index can be compared with its table without a lookup.
  bool is_plain = true;
};

// What applications make that is hard to check: as many kinds of columns, keys and tables as there
// are.
const std::vector<DatabaseKind>& database_kinds();

// Gives the connection what only an application has: the collation `local` and the function
// `vendor`, which a kind may use.
void equip_as_application(sqlite3* connection);
// A kind of database that only such a connection reads whole.
const DatabaseKind& application_kind();

// The database in memory, as it stands in `content`; nothing that is done to it reaches `content`.
SqliteConnection open_content(const std::string& content);

}  // namespace holdfast
