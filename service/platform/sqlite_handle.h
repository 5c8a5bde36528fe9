#pragma once

#include <sqlite3.h>

#include <memory>

namespace holdfast {

struct SqliteClose {
  void operator()(sqlite3* connection) const { ::sqlite3_close(connection); }
};
// A connection outlives its statements.
using SqliteConnection = std::unique_ptr<sqlite3, SqliteClose>;

struct SqliteFinalize {
  void operator()(sqlite3_stmt* statement) const { ::sqlite3_finalize(statement); }
};
using SqliteStatement = std::unique_ptr<sqlite3_stmt, SqliteFinalize>;

}  // namespace holdfast
