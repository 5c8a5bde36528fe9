#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/error.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

// How a result that SQLite gave on a connection is told.
using SqliteFailure = std::function<Error(int result)>;

// One statement, made ready to be run, again and again if need be. Whatever fails is thrown as what
// `failure` makes of the result.
class SqliteQuery {
 public:
  SqliteQuery(sqlite3* connection, std::string_view sql, SqliteFailure failure);

  // Starts anew with these values for the parameters, from the first on.
  template <typename... Values>
  SqliteQuery& with(const Values&... values) {
    restart();
    int place = 0;
    (bind(++place, values), ...);
    return *this;
  }

  bool next_row();
  // To the end, for what gives no rows.
  void run();

  // The columns of the row. NULL is an empty text, and 0.
  std::string text(int column) const;
  std::int64_t number(int column) const;
  std::optional<std::int64_t> optional_number(int column) const;
  // Until the next row.
  std::span<const std::byte> bytes(int column) const;

 private:
  void restart();
  void bind(int place, std::string_view text);
  void bind(int place, std::int64_t number);
  void bind(int place, const std::optional<std::int64_t>& number);
  void bind(int place, std::span<const std::byte> bytes);
  void check(int result) const;

  SqliteStatement statement_;
  SqliteFailure failure_;
};

// What is written while it lives is written all at once by commit(), or not at all.
class SqliteTransaction {
 public:
  SqliteTransaction(sqlite3* connection, SqliteFailure failure);
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  ~SqliteTransaction();

  void commit();

 private:
  void execute(const char* sql);

  sqlite3* connection_;
  SqliteFailure failure_;
  bool committed_ = false;
};

}  // namespace holdfast
