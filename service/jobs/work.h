#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/error.h"
#include "service/archive/archive_progress.h"
#include "service/archive/set_aside_copies.h"
#include "service/backup/backup_run.h"
#include "service/backup/outbox.h"
#include "service/catalog/catalog_records.h"
#include "service/cloud/upload_track.h"
#include "service/platform/work_priority.h"
#include "service/restore/restore_recovery.h"
#include "service/restore/restore_run.h"

namespace holdfast {

// The jobs that are done off the agent's thread, and what came of them. A failure is a value here:
// it ends the job and nothing else.

struct BackupJob {
  // Nothing new is made when the data still has this mark, and this archive is still as it was.
  struct LastArchive {
    std::string change_mark;
    std::filesystem::path file;
    std::uint64_t bytes = 0;
  };

  BackupRequest request;
  std::optional<LastArchive> last_archive;  // nothing when an archive must be made
  WorkPriority priority = WorkPriority::Background;
  // Where the archive waits when its destination cannot be reached; empty when it is not made then.
  std::filesystem::path outbox;
  // Nothing new is made there when the data still has this mark.
  std::string outbox_mark;
  // Why it is not known where the archive should go, and it goes only where archives went before;
  // a sentence.
  std::string lost_destination;
  // Whether the archive is to reach a cloud: then it is told how it can be known there.
  bool is_for_cloud = false;
};

struct BackupOutcome {
  struct Published {
    std::int64_t changed_at = 0;  // as CloudFileFacts has it
    std::string hash;             // file_hash()
  };

  std::optional<BackupResult> made;  // verified; nothing when nothing had changed, or it failed
  std::optional<Error> failure;
  bool destination_failed = false;     // it is the destination that cannot be reached
  bool is_in_outbox = false;           // an archive of this data waits there
  std::optional<Published> published;  // of an archive that is to reach a cloud
};

struct ScanJob {
  std::filesystem::path destination;
  std::string dataset;
  std::string database_name;
  std::string host;
  std::map<std::string, std::uint64_t> known;  // file name -> size
  // Archives that were known in other folders: file name -> folder. They may have been moved here.
  std::map<std::string, std::filesystem::path> elsewhere;
};

struct ScanOutcome {
  std::vector<ArchiveRecord> found;
  std::vector<std::string> moved;  // file names of those that were elsewhere, and no longer are
  std::optional<Error> failure;
};

struct DeleteOutcome {
  std::vector<std::string> deleted;  // file names; those that were gone already are among them
  std::optional<Error> failure;      // the first
};

struct CheckOutcome {
  std::optional<Manifest> good;  // when every byte is as it was archived
  std::string fault;             // else what is wrong with the archive
  std::optional<Error> failure;  // the archive could not be looked at; nothing is known of it
};

// The way of archives into the cloud, by their file names.
using UploadTracks = std::map<std::string, UploadTrack>;

struct CloudJob {
  struct Archive {
    std::string file_name;
    UploadTrack track;
    // As it was published; nothing where that is not known.
    std::optional<WrittenFile> written;
    std::string hash;  // file_hash(); empty where that is not known
  };

  std::filesystem::path destination;
  std::vector<Archive> archives;
  std::optional<TraySignals> tray;
};

struct CloudOutcome {
  UploadTracks tracks;           // of those that were looked at
  std::optional<Error> failure;  // the first
};

struct RestoreOutcome {
  std::optional<RestoreResult> restored;
  std::optional<Error> failure;
};

struct PreviewJob {
  std::filesystem::path archive;
  RestoreTarget target;
  RowCounts rows = RowCounts::No;
  std::filesystem::path scratch;  // where what has to be unpacked for it goes, and is taken away
};

struct PreviewOutcome {
  nlohmann::json told;  // as preview_json() tells it
  std::optional<Error> failure;
};

struct DrillJob {
  std::filesystem::path archive;
  std::filesystem::path scratch;  // where it is restored to, and taken away again
  std::map<std::string, std::string> counts;
  WorkPriority priority = WorkPriority::Background;
};

struct DrillOutcome {
  std::optional<Error> failure;  // nothing when it is proven that the archive can be restored
  std::string archive_fault;     // when the archive itself is why: what is wrong with it
};

struct InspectOutcome {
  std::string damage;            // what is wrong with the database; empty when all is well
  std::optional<Error> failure;  // it could not be looked at: nothing is known of it
};

struct RecoverOutcome {
  Recovery recovery = Recovery::Nothing;
  std::optional<Error> failure;
};

// Called by workers, each job by one thread, several at the same time. Never throws.
class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;

  virtual BackupOutcome back_up(const BackupJob& job, const OnBackupProgress& on_progress,
                                const std::stop_token& stop) noexcept = 0;
  // Also sweeps what this host left unfinished.
  virtual ScanOutcome scan(const ScanJob& job, const std::stop_token& stop) noexcept = 0;
  virtual DeleteOutcome remove(const std::filesystem::path& destination,
                               const std::vector<std::string>& file_names) noexcept = 0;
  // Brings what waits in an outbox to its destination.
  virtual Delivery deliver(const std::filesystem::path& outbox,
                           const std::filesystem::path& destination,
                           const std::stop_token& stop) noexcept = 0;
  virtual CheckOutcome check(const std::filesystem::path& archive,
                             const std::stop_token& stop) noexcept = 0;
  virtual ComparedCopies set_aside(const std::filesystem::path& destination,
                                   const std::vector<ConflictCopy>& copies,
                                   const std::stop_token& stop) noexcept = 0;

  // Reads no archive that is not on this disk, and none but to make sure of its content once.
  virtual CloudOutcome look_at_cloud(const CloudJob& job, const std::stop_token& stop) noexcept = 0;

  virtual RestoreOutcome restore(const RestoreRequest& request,
                                 const OnRestoreProgress& on_progress,
                                 const std::stop_token& stop) noexcept = 0;
  // Brings a restore that was broken off to its end.
  virtual RecoverOutcome recover(const std::filesystem::path& database) noexcept = 0;
  virtual PreviewOutcome preview(const PreviewJob& job, const std::stop_token& stop) noexcept = 0;
  virtual DrillOutcome drill(const DrillJob& job, const ArchiveProgress& on_progress,
                             const std::stop_token& stop) noexcept = 0;
  virtual InspectOutcome inspect(const std::filesystem::path& database,
                                 const std::stop_token& stop) noexcept = 0;
};

}  // namespace holdfast
