#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "service/backup/live_database.h"
#include "service/backup/side_files.h"
#include "service/platform/file_state.h"

namespace holdfast {

struct BackupRequest;

// What tells the state of a database from its others, without reading it. Why equal ones mean the
// same content, for each kind, is told in change_mark.cpp.
struct DatabaseState {
  enum class KnownBy { ChangeCounter, WalIndex, FileTimes };

  KnownBy known_by = KnownBy::FileTimes;
  std::string header;     // the first 100 bytes of the file
  std::string wal_index;  // the state of the WAL: sqlite3_snapshot_get()
  FileState file;

  bool operator==(const DatabaseState&) const = default;
};

// Of the state that the open transaction reads. Nothing when it cannot be told.
std::optional<DatabaseState> database_state(const LiveDatabase& database);

// Whether times of change tell every later change: they are rough on some disks (2 seconds), so a
// file that was changed a moment before `now`, or dated later, could change again and look the
// same.
bool tells_changes(FileTime modified, Time now);
bool tells_changes(const DatabaseState& state, Time now);

// All that goes into an archive, by the names that it has there.
struct SourceState {
  std::map<std::string, std::optional<DatabaseState>> databases;
  std::vector<SideFile> files;
};

// Equal marks mean the same content; different ones, and empty ones, mean nothing. Empty when
// something is not known, or cannot tell changes at `now`, which must not be later than the moment
// when the states were looked at.
//
// One change can hide for a while, on Windows: that of a side file, no database, that its program
// keeps open and writes to without changing its size. Its time is set when the program closes it.
std::string change_mark(const SourceState& source, Time now);

// The mark of what there is now to back up. When it is not empty, and equal to that of an archive,
// the archive holds exactly this. Reads headers only: some milliseconds. Throws what
// DatabaseSnapshot throws, and what listing a folder may throw.
std::string current_change_mark(const BackupRequest& request, Storage& storage, Time now);

}  // namespace holdfast
