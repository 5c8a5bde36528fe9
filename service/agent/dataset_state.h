#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/agent/dataset_instances.h"
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
  std::string owner;  // the SID of the user whose it is; empty for the machine's
  std::string host;   // this computer's, as in the names of its archives
  std::string fault;  // why it cannot be backed up as it is configured; a sentence
  std::string waits;  // why nothing is done with it for now; a sentence
  // Neither is known while it waits for its user.
  std::filesystem::path database;
  std::filesystem::path destination;
  std::string user;  // whom the manifests name; empty for the service itself
  // Why it is not known where its archives should go; a sentence. They go where they went before.
  std::string lost_destination;
  std::filesystem::path outbox;   // where archives wait for a destination that is away
  std::string outbox_mark;        // of the data in the newest one there
  bool has_outbox = true;         // whether anything may wait there
  std::filesystem::path scratch;  // where what is only looked at is unpacked
  // What is done with it, and with whose rights: nobody's where there is an obstacle(), and null
  // for all that the process's own allow.
  std::shared_ptr<Work> work;
  std::shared_ptr<const UserRights> rights;

  DatasetRecord record;
  RunSummary runs;
  std::vector<ArchiveRecord> archives;  // as Catalog::archives() gives them

  bool is_in_cloud = false;  // whether its destination is in a folder that a cloud has, too
  UploadTracks uploads;      // of what is on its way there

  std::optional<RunUnderWay> under_way;
  std::optional<Time> scanned_at;  // when the destination was last looked through
  // Whether the database is sound is to be looked at: the service has started, or a run failed.
  bool is_doubtful = true;
  std::optional<Time> inspected_at;  // or tried to be
  bool told_waiting = false;         // in the Event Log, since all was in the cloud
  bool told_stale = false;           // in the Event Log, since it was fresh
  std::string told_held_back;        // why retention deletes nothing, as the Event Log was told
  // The failure that the Event Log was told of, until a backup succeeds.
  std::optional<std::pair<EventId, ErrorCode>> told_failure;

  // Why nothing can be done with it; empty when something can.
  const std::string& obstacle() const { return fault.empty() ? waits : fault; }
};

// Where this machine's folders are, and who it is.
struct MachineFacts {
  std::string host;
  std::string user;  // whom the manifests name
  KnownFolders folders;
  LetterCase letter_case = LetterCase::Matters;
};

// With their paths as they are on this machine, or with the reason why one cannot be backed up as
// it is configured.
std::vector<DatasetState> dataset_states(std::span<const DatasetInstance> instances,
                                         const MachineFacts& machine);
// Whether a folder is in one that a cloud has, too.
bool is_in_cloud(const std::filesystem::path& folder, std::span<const PresentUser> users);

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

// The one of this name in the present destination.
const ArchiveRecord* archive_here(const DatasetState& state, const std::string& file_name);
// The newest verified backup of this computer in the present destination. Another computer's holds
// other data, and OneDrive's copies may hold anything.
const ArchiveRecord* newest_verified(const DatasetState& state);

// Whether two files are the same, as far as is known: both were read for it.
bool has_same_content(const ArchiveRecord& one, const ArchiveRecord& other);

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
// of Holdfast. The older systems' stay, and so do the copies that OneDrive makes.
ArchiveFacts archive_facts(const ArchiveRecord& archive);
std::vector<ArchiveFacts> archives_here(const DatasetState& state);
// What is to be done with each of those.
std::vector<RetentionDecision> retention_of(const DatasetState& state, const MachineFacts& machine,
                                            const TimeZone& zone, Time now);

// A run that has ended, added to what is known of the runs before it.
void add_run(RunSummary& runs, const RunRecord& ended);

}  // namespace holdfast
