#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "common/error.h"
#include "service/archive/entry_content.h"

struct sqlite3;

namespace holdfast {

// A database in an archive, opened by SQLite where it is: pages are inflated as they are asked for.
// Nothing can be written, and the schema is not trusted. Reads see what the archive holds, so
// verify it first. One thread at a time; what the
// content was made from must outlive it.
class ArchiveDatabase {
 public:
  // May fill the bytes at a place from elsewhere, quicker than they can be inflated; whether it
  // did, and they are the archive's. What it throws makes them unreadable.
  using Shortcut = std::function<bool(std::uint64_t place, std::span<std::byte> into)>;

  // Throws Error(NotADatabase) when the entry is none.
  explicit ArchiveDatabase(const EntryContent& content, Shortcut shortcut = {});
  ArchiveDatabase(const ArchiveDatabase&) = delete;
  ArchiveDatabase& operator=(const ArchiveDatabase&) = delete;
  ~ArchiveDatabase();

  // Never null; closed with this object, so finalize every statement before.
  sqlite3* handle() const;
  // Why the last page that SQLite could not read could not be: SQLite itself only says
  // SQLITE_IOERR.
  const std::optional<Error>& read_failure() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace holdfast
