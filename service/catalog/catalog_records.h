#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "service/archive/archive_name.h"
#include "service/health/counts_alarm.h"
#include "service/retention/retention.h"

namespace holdfast {

// What the catalog keeps. `dataset` is the key of a dataset everywhere: its id, and later also
// whose it is.

enum class ArchiveFormat {
  Holdfast,
  RvuDatabase,   // rvu_records_YYYYMMDD_HHMMSS[_HOST].db
  LegacyZip,     // backup_YYYY-MM-DD_HH-MM-SS.zip
  LegacyFolder,  // backup_.../ and safety_backup_.../
};

struct ArchiveRecord {
  std::string dataset;
  std::string destination;  // the folder
  std::string file_name;
  ArchiveFormat format = ArchiveFormat::Holdfast;
  ArchiveName::Kind kind = ArchiveName::Kind::Backup;
  std::string host;
  Time taken_at;
  std::uint64_t bytes = 0;
  // Rises with each archive that this catalog saw being made; nothing for those it found.
  std::optional<std::uint64_t> sequence;
  ArchiveFacts::Check check = ArchiveFacts::Check::Unknown;
  std::optional<Time> checked_at;
  std::string fault;  // why it is broken, or cannot be opened
  std::string reason;
  std::string user;
  std::map<std::string, std::int64_t> counts;
  std::string schema_hash;
  std::optional<Time> drilled_at;
  std::optional<Time> cloud_confirmed_at;
  std::string cloud_state;
  std::optional<Time> cloud_since;
  std::string cloud_sentence;
  std::int64_t written_at = 0;
  std::string file_hash;    // file_hash() of the archive, where it was read for that
  std::string conflict_of;  // the file name of the archive that OneDrive made this a copy of
  // Not in the catalog: whether the last look through the destination found all of it on this disk.
  bool is_local = true;

  bool operator==(const ArchiveRecord&) const = default;
};

enum class RunKind { Backup, Restore, Drill };
enum class RunOutcome {
  Running,
  Verified,
  Unchanged,
  Failed,
  Cancelled,
  Interrupted  // the service ended while it ran
};

struct RunRecord {
  std::int64_t id = 0;  // rises in the order in which runs were begun
  std::string dataset;
  RunKind kind = RunKind::Backup;
  std::string cause;   // what started it: "schedule", "startup", "app_closes", "manual"...
  std::string reason;  // what a person or a program gave as the reason
  std::string user;    // who asked for it; empty when it started by itself
  Time started_at;
  std::optional<Time> ended_at;
  RunOutcome outcome = RunOutcome::Running;
  std::string error_code;  // of a failure: name(ErrorCode)
  std::string sentence;    // why it failed, with what to do
  std::string archive;     // the file name of the archive it made; of a restore, the safety archive
  std::string source;      // of a restore and a drill: the file name of the archive it took

  bool operator==(const RunRecord&) const = default;
};

// Which runs somebody asks for.
struct RunQuery {
  std::string dataset;                 // empty: of all
  std::optional<std::int64_t> before;  // begun before the run of this id: for the next page
  std::optional<RunKind> kind;
  std::optional<RunOutcome> outcome;
  std::optional<Time> since;         // begun then or later
  std::optional<std::string> owner;  // of the machine's datasets, and those of this user only
  int limit = 100;
};

// How a run ended.
struct RunEnd {
  Time ended_at;
  RunOutcome outcome = RunOutcome::Failed;
  std::string error_code;
  std::string sentence;
};

// What is known of a dataset beside its runs and archives.
struct DatasetRecord {
  std::string dataset;
  Time known_since;
  std::string damage;            // what the last check of the database found
  std::vector<CountDrop> drops;  // why the alarm of dropped counts rings
  // The counts of the last good archive: those that the next ones are compared with. They stay as
  // they are while the alarm rings.
  std::map<std::string, std::int64_t> good_counts;
  // Tells whether anything changed since this archive; empty when that is not known.
  std::string change_mark;
  std::string marked_archive;  // its file name
  // When the database was last read whole and found sound, other than by a backup.
  std::optional<Time> checked_at;
  // When a drill last came to its end, good or bad, or one by the schedule was cancelled.
  std::optional<Time> drill_tried_at;
  // Since when looks have shown that no backup gets into the cloud.
  std::optional<Time> not_in_cloud_since;

  bool operator==(const DatasetRecord&) const = default;
};

// What the runs of a dataset say together; by the order in which they were begun.
struct RunSummary {
  std::optional<Time> last_good_start;  // of the last backup that was verified or unchanged
  std::optional<Time> unchanged_at;     // the end of that backup, if it was unchanged
  std::optional<RunRecord> last;        // the last backup that has ended
  // Backups in a row, up to now, that failed or were interrupted. A cancelled one is none of them
  // and ends the row: it waits for the schedule (RunHistory::failures).
  int failures = 0;

  bool operator==(const RunSummary&) const = default;
};

}  // namespace holdfast
