#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "common/protocol/messages.h"
#include "service/cloud/cloud_state.h"
#include "service/health/counts_alarm.h"

namespace holdfast {

// What is recorded of a dataset when somebody asks whether it is protected.
struct DatasetFacts {
  struct LastRun {
    enum class Outcome { Verified, Unchanged, Failed, Cancelled };

    Outcome outcome = Outcome::Verified;
    Time ended_at;
    std::string failure;  // why it failed: "the disk is full"
  };
  struct CurrentRun {
    enum class Kind { Backup, Restore, Drill };

    Kind kind = Kind::Backup;
    Time started_at;
    std::optional<int> percent;
  };
  using Cloud = CloudState;

  Time known_since;                 // when the dataset was configured
  std::optional<Time> archived_at;  // when the newest verified archive was made
  // The last run that found nothing changed since that archive: the archive is as good as new.
  std::optional<Time> unchanged_at;
  std::optional<LastRun> last_run;  // the last that was recorded, not the one with the latest date
  std::optional<CurrentRun> current_run;
  std::optional<Time> next_run;
  std::chrono::seconds stale_after = std::chrono::hours(24);

  std::string damage;            // what the check of the database found, or nothing
  std::vector<CountDrop> drops;  // since the last good archive

  Cloud cloud = Cloud::NotApplicable;  // of the newest verified archive
  std::string cloud_reason;            // why it is not there, as a sentence; empty when it is
  std::string lost_destination;        // why it is not known where archives should go; a sentence
  std::optional<Time> uploaded_at;     // when it was confirmed
  // Since when no backup gets there; nothing while the newest one is there.
  std::optional<Time> waiting_since;
  std::chrono::seconds waiting_limit = std::chrono::hours(24);

  // Why nothing is done for now, as a sentence: its user is not signed in, and so nothing changes.
  std::string waits;
};

struct DatasetHealth {
  Health health = Health::None;
  // Whole sentences, the most important first, for somebody who knows nothing of computers. "Backed
  // up" is said of verified archives only, "in the cloud" of confirmed uploads only.
  std::string headline;
};

// Whether nothing was verified or found unchanged for longer than `stale_after`, or ever since the
// dataset is known.
bool is_overdue(const DatasetFacts& facts, Time now);

// Whether it is not known where archives should go, the upload failed or is excluded, or nothing
// has got there for longer than `waiting_limit`.
bool is_kept_from_cloud(const DatasetFacts& facts, Time now);

// A run under way hides what asks for attention for no longer than this.
constexpr std::chrono::hours kRunHidesAttentionFor{1};

// What waits for its user grows no older.
//
// Worst first:
// - Damaged: the database fails its check, or its counts dropped.
// - Failed: the last run failed, and nothing was verified within `stale_after`.
// - None: there is no verified archive.
// - Stale: neither verified nor found unchanged within `stale_after`. Also when the clock stands
//   before what is recorded (is_future()): how old the backup is cannot be told then, so nothing is
//   green because of it until a run is recorded under the clock as it stands.
// - Waiting: is_kept_from_cloud().
//   An unknown upload alone is none of these; the headline says that it is unknown.
// - Working: a run is under way and none of Damaged, Failed and None holds. Only a backup hides
//   Stale and Waiting, and not for ever.
// - Protected.
DatasetHealth dataset_health(const DatasetFacts& facts, Time now);

}  // namespace holdfast
