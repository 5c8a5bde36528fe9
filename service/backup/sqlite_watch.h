#pragma once

#include <chrono>
#include <functional>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// While it lives, what the connection does is interrupted soon after `must_end` says so. That is
// asked every few milliseconds, by the thread that uses the connection, and must not throw.
class SqliteWatch {
 public:
  SqliteWatch(sqlite3* connection, std::function<bool()> must_end);
  SqliteWatch(const SqliteWatch&) = delete;
  SqliteWatch& operator=(const SqliteWatch&) = delete;
  ~SqliteWatch();

  bool has_ended() const { return ended_; }

 private:
  using Clock = std::chrono::steady_clock;

  static int look(void* self) noexcept;

  sqlite3* connection_;
  std::function<bool()> must_end_;
  Clock::time_point next_look_ = Clock::now();
  bool ended_ = false;
};

}  // namespace holdfast
