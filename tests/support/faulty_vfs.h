#pragma once

#include <sqlite3.h>

#include <functional>

namespace holdfast {

// SQLite's way to the disk until a test says otherwise: before each write, truncation, flush and
// deletion `before` is called, and what it returns, unless it is SQLITE_OK, is what SQLite is told
// instead; with `before_flush`, that one before a flush. It may end the process. Every database
// that is opened while this lives goes this way.
class FaultyVfs {
 public:
  explicit FaultyVfs(std::function<int()> before, std::function<int()> before_flush = {});
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;
  // No database that was opened meanwhile may be open any more.
  ~FaultyVfs();

  // Called before a database, or what belongs to one, is opened.
  std::function<void()> before_open = [] {};

  int step() const { return before_(); }
  int flush_step() const { return before_flush_(); }
  sqlite3_vfs& real() const { return *real_; }

 private:
  std::function<int()> before_;
  std::function<int()> before_flush_;
  sqlite3_vfs* real_;
  sqlite3_vfs own_;
};

}  // namespace holdfast
