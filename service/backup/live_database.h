#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/platform/sqlite_handle.h"

namespace holdfast {

// SQLite's name for the file itself, without journal, -wal, -shm and locks.
std::string file_alone(const std::filesystem::path& path);

// The files that SQLite keeps beside a database in WAL mode while it is open, and after a crash.
struct Sidecars {
  std::optional<std::uint64_t> wal_bytes;
  bool has_shm = false;

  bool operator==(const Sidecars&) const = default;
};

// Read-only connections to a database that other programs use. Every failure is an Error.
//
// SQLite reads a database in WAL mode through a -wal and a -shm file, and a read-only connection
// that had to create them leaves them behind. So a database that rests, because its application is
// closed, is read from its file alone, and this is why that is safe: whoever writes to it creates
// the -wal (or, beside an empty -wal, the -shm) first, and may take that away again only under an
// exclusive lock on the database file, which the shared lock held here refuses. When the sidecars
// are the same afterwards, nobody wrote in between.
//
// One thread at a time. The locks belong to the process: no other code in it may open the database
// file meanwhile without SQLite, for closing it would drop them.
class LiveDatabase {
 public:
  // Waits for the lock only for a moment.
  explicit LiveDatabase(const std::filesystem::path& path);
  LiveDatabase(const LiveDatabase&) = delete;
  LiveDatabase& operator=(const LiveDatabase&) = delete;
  // Takes away the sidecars that reading made, unless somebody uses the database by now. What it
  // cannot take away is harmless: the next program that opens the database does.
  ~LiveDatabase();

  sqlite3* connection() const { return connection_ ? connection_.get() : file_.get(); }
  // Whether the database is read from its file alone.
  bool rests() const { return !connection_; }
  // Opens a read transaction: from here on the state stands still, until the connection is told
  // otherwise or closed. The schema is not read.
  void begin() const;
  // Throws Error(DatabaseBusy) when a database that rested was opened since.
  void check_still_rests() const;
  std::uint64_t file_bytes() const;
  // What stands in the file now, whoever changes it meanwhile; zeros where that cannot be read.
  std::vector<std::byte> peek(std::uint64_t place, std::size_t bytes) const;

 private:
  bool is_wal() const;
  Sidecars sidecars() const;
  void remove_own_sidecars() const;

  std::filesystem::path path_;
  SqliteConnection file_;       // reads the file alone; its shared lock is taken here, by hand
  std::filesystem::path real_;  // where links lead; the sidecars stand beside it
  Sidecars before_;
  SqliteConnection connection_;  // when the database does not rest
};

}  // namespace holdfast
