#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/backup/backup_run.h"
#include "service/catalog/catalog_records.h"
#include "service/config/merge_config.h"
#include "service/config/path_tokens.h"
#include "service/health/dataset_health.h"
#include "service/jobs/work.h"
#include "service/platform/event_log.h"
#include "service/runs/run_progress.h"
#include "service/runs/run_queue.h"
#include "service/schedule/schedule.h"

namespace holdfast {

// The run of a dataset that is under way.
struct RunUnderWay {
  RunTicket ticket = 0;
  RunRecord record;  // its id is 0 where the catalog could not take it
  RunProgress progress;
  std::stop_source stop;
};

// All that the agent knows of a dataset: what is configured, what is recorded, what goes on.
struct DatasetState {
  std::string key;
  Dataset dataset;
  std::string owner;  // the SID of the user who added it; empty for the machine's
  std::string fault;  // why it cannot be backed up as it is configured; a sentence
  std::filesystem::path database;
  std::filesystem::path destination;

  DatasetRecord record;
  RunSummary runs;
  std::vector<ArchiveRecord> archives;  // as Catalog::archives() gives them

  std::optional<RunUnderWay> under_way;
  std::optional<Time> scanned_at;  // when the destination was last looked through
  // Whether the database is sound is to be looked at: the service has started, or a run failed.
  bool is_doubtful = true;
  std::optional<Time> inspected_at;  // or tried to be
  bool told_stale = false;           // in the Event Log, since it was fresh
  std::string told_held_back;        // why retention deletes nothing, as the Event Log was told
  // The failure that the Event Log was told of, until a backup succeeds.
  std::optional<std::pair<EventId, ErrorCode>> told_failure;
};

// Where this machine's folders are, and who it is.
struct MachineFacts {
  std::string host;
  std::string user;  // whom the manifests name
  KnownFolders folders;
  LetterCase letter_case = LetterCase::Matters;
  // Whether it can do what a user wants with the rights of that user.
  bool acts_for_users = false;
};

// What clients and records name a dataset by: its id, and behind an "@" the SID of the user who
// added it.
std::string dataset_key(const EffectiveDataset& dataset);
// That user; empty for the machine's.
std::string dataset_owner(std::string_view key);

// The enabled datasets with their paths as they are on this machine, or with the reason why one
// cannot be backed up as it is configured.
std::vector<DatasetState> dataset_states(const std::vector<EffectiveDataset>& configured,
                                         const MachineFacts& machine);

BackupRequest backup_request(const DatasetState& state, const MachineFacts& machine,
                             const std::string& reason);
// An archive is made at least this often, whatever tells that nothing changed.
constexpr std::chrono::days kLongestUnchanged{7};

// What the run of this urgency is to do.
BackupJob backup_job(const DatasetState& state, const MachineFacts& machine, Urgency urgency,
                     const std::string& reason, Time now);

// What is recorded of an archive that was just made.
ArchiveRecord archive_record(const DatasetState& state, const BackupResult& made,
                             std::optional<Time> checked_at);

// The newest verified backup archive in the present destination.
const ArchiveRecord* newest_verified(const DatasetState& state);

// When an archive in the present destination was last proven restorable.
std::optional<Time> drilled_at(const DatasetState& state);
// Of a damaged database: the archive to restore, if there is one; else empty.
std::string restore_with(const DatasetState& state);

std::optional<Time> next_run_of(const DatasetState& state, const MachineFacts& machine,
                                Time awake_since, Time now, const TimeZone& zone);
DatasetFacts health_facts(const DatasetState& state, std::optional<Time> next_run);

// Why nothing of it may be deleted; empty when something may.
std::string held_back(const DatasetState& state);
// As retention sees an archive, and all those in the present destination that it decides on: those
// of Holdfast. The older systems' stay.
ArchiveFacts archive_facts(const ArchiveRecord& archive);
std::vector<ArchiveFacts> archives_here(const DatasetState& state);
// What is to be done with each of those.
std::vector<RetentionDecision> retention_of(const DatasetState& state, const MachineFacts& machine,
                                            const TimeZone& zone, Time now);

// A run that has ended, added to what is known of the runs before it.
void add_run(RunSummary& runs, const RunRecord& ended);

}  // namespace holdfast
