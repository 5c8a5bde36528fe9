#pragma once

#include <functional>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// While it lives, what the connection does is interrupted soon after `must_end` says so. That is
// asked all the time by the thread that uses the connection: it must be quick, and not throw.
class SqliteWatch {
 public:
  SqliteWatch(sqlite3* connection, std::function<bool()> must_end);
  SqliteWatch(const SqliteWatch&) = delete;
  SqliteWatch& operator=(const SqliteWatch&) = delete;
  ~SqliteWatch();

  bool has_ended() const { return ended_; }

 private:
  static int look(void* self) noexcept;

  sqlite3* connection_;
  std::function<bool()> must_end_;
  bool ended_ = false;
};

}  // namespace holdfast
