#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "common/clock.h"
#include "service/backup/change_mark.h"

namespace holdfast {

// The trigger "query_changes": looks whether a query of a database that others use gives another
// result.
//
// Nothing is open between two looks. In WAL mode a connection that is kept would stop its
// application from copying the WAL back when it closes the database: whoever copies that file then
// misses what is in the WAL. It would also be in the way of programs that want a file to
// themselves. So a look opens the database, and leaves no file behind; it asks first for the
// database's state (change_mark.h), and runs the query only when that may be another one.
//
// One thread at a time; a look at a locked database may take a second, and so may the query.
class QueryWatch {
 public:
  // The clock must outlive this.
  QueryWatch(std::filesystem::path database, std::string sql, const Clock& clock);

  struct Seen {
    // Whether the result, all columns of all rows, is another than the last one that was seen. The
    // first one is none.
    bool changed = false;
    // Why the query, or the database, cannot be read, as a sentence: as long as it lasts. That the
    // database is busy, empty, or not there (yet) is no fault.
    std::string fault;
  };
  // Does not throw Error. After a query that took long, or failed, some looks only repeat the
  // fault: the query never takes more than a hundredth of the time.
  Seen poll();

 private:
  Seen look();
  std::string result(sqlite3* connection) const;
  bool rests(Time now) const;

  const std::filesystem::path database_;
  const std::string sql_;
  const Clock& clock_;
  std::optional<DatabaseState> state_;  // that the last result is known to be of
  std::optional<std::string> result_;
  std::string fault_;
  Time looked_at_;
  std::chrono::seconds pause_{0};  // after that look
};

}  // namespace holdfast
