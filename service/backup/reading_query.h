#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "common/error.h"
#include "service/backup/sqlite_watch.h"
#include "service/platform/sqlite_handle.h"

namespace holdfast {

// A query from the configuration: a single statement that only reads. It cannot change a setting,
// attach a file or end the transaction it runs in; these rules bind the connection for as long as
// this lives. It is interrupted after `limit`, and soon after `must_end`, which must not throw,
// says so.
class ReadingQuery {
 public:
  // How a failure is told: "<attempt>: <reason>. <action>".
  struct Telling {
    ErrorCode code;
    std::string attempt;
    std::string action;
  };

  // Throws failure().
  ReadingQuery(
      sqlite3* connection, const std::string& sql, Telling telling, std::chrono::milliseconds limit,
      const std::function<bool()>& must_end = [] { return false; });

  // Whether there is one. Throws failure(), or DatabaseDamaged when it met damage.
  bool next_row();
  sqlite3_stmt* statement() const { return statement_.get(); }
  Error failure(const std::string& reason) const;

 private:
  class Rules {
   public:
    explicit Rules(sqlite3* connection);
    Rules(const Rules&) = delete;
    Rules& operator=(const Rules&) = delete;
    ~Rules();

   private:
    sqlite3* connection_;
  };

  Error failure_of_sqlite() const;
  SqliteStatement prepare(std::string_view& rest) const;
  SqliteStatement prepare_only_one(std::string_view sql) const;

  sqlite3* connection_;
  const Telling telling_;
  const std::chrono::milliseconds limit_;
  Rules rules_;
  SqliteWatch watch_;
  SqliteStatement statement_;
};

}  // namespace holdfast
