#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "service/backup/change_mark.h"
#include "service/backup/count_query.h"

namespace holdfast {

// One consistent state of a SQLite database that other processes go on using: everything read
// through it comes from a single read transaction. Read-only to the last: no checkpoint, no change
// of the journal mode, no table, no file that was not there before is left behind.
//
// In rollback mode a writer waits while the transaction lasts, so read the pages and nothing that
// can wait, and end() at once. In WAL mode nobody waits, but the WAL cannot be reset meanwhile.
//
// Whatever reads may throw Error(DatabaseBusy), besides what stands beside it: the database rested
// (its application was closed), and was opened by another program while it was read. Throw away
// what was read until then, and try again.
//
// One thread at a time, and no other code in the process may open the database file meanwhile
// without SQLite: closing it would drop the locks that keep the state still.
class DatabaseSnapshot {
 public:
  // Throws Error: NotFound, NotADatabase (also for an encrypted one, and for a folder),
  // DatabaseEmpty (no bytes), DatabaseBusy (somebody holds the lock, or an interrupted change waits
  // for its application to undo it; worth another try), DatabaseDamaged, AccessDenied, DiskFull,
  // SystemCallFailed.
  //
  // With Begin::Later, a database that blocks_writers() is let go of again: preview() it as you
  // like, and then begin() anew.
  enum class Begin { AtOnce, Later };
  explicit DatabaseSnapshot(const std::filesystem::path& database, Begin begin = Begin::AtOnce);
  DatabaseSnapshot(const DatabaseSnapshot&) = delete;
  DatabaseSnapshot& operator=(const DatabaseSnapshot&) = delete;
  ~DatabaseSnapshot();

  // Hands out what stands in the file now, in order, while anybody may change it.
  void preview(const std::function<void(std::span<const std::byte> bytes)>& take) const;
  // From here on the state stands still. Throws what the constructor throws.
  void begin();

  // The same state once more, for another thread; nothing when it cannot be had, or when writers
  // would wait longer for two. It must end before this one.
  std::unique_ptr<DatabaseSnapshot> again() const;

  std::uint32_t page_size() const;
  std::uint64_t page_count() const;
  // Whether writers are held up while the transaction lasts.
  bool blocks_writers() const;

  // Hands every page to `take`, in order, as it would stand in a database file of its own: what is
  // still in the WAL is in it. A database in WAL mode stays one: bytes 18 and 19 of the first page
  // are 2, as its application chose; only sqlite3_deserialize() wants 1 there. Stops with the
  // exception that `take` throws. The pages are good only once this has returned. Throws Error:
  // DatabaseDamaged, SystemCallFailed.
  void read_pages(const std::function<void(std::span<const std::byte> page)>& take);

  // Runs each query, which must give one row with one whole number. Throws Error(CountFailed), or
  // DatabaseDamaged, with the name of the count. Queries cannot write, and each is interrupted
  // after `limit`, or when `stop` is requested.
  Counts counts(const std::map<std::string, std::string>& queries, std::chrono::milliseconds limit,
                const std::stop_token& stop = {});

  // What tells this state from others, while the transaction lasts; nothing when it cannot be told.
  std::optional<DatabaseState> database_state() const;

  // XXH3 (128 bits, hexadecimal) over the normalized text of the schema.
  std::string schema_hash();

  // What integrity_faults() of integrity_check.h finds in the same state. Empty when all is well,
  // else the first faults, one a line. Where the schema uses functions or collations that only the
  // application has, what needs them is left out. Throws soon after `must_end` says so.
  std::string integrity_faults(const std::function<bool()>& must_end = [] { return false; });

  // Ends the transaction, and nobody waits any more. Only peek() may be called afterwards.
  void end();
  // What stands in the file now; zeros where that cannot be read. Does not throw.
  std::vector<std::byte> peek(std::uint64_t place, std::size_t bytes) const;

  // Ends the transaction and lets go of the files; page_size(), page_count() and blocks_writers()
  // remain, the rest must not be called any more. Call it again as you like.
  void close();

 private:
  struct State;
  explicit DatabaseSnapshot(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace holdfast
