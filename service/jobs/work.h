#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/error.h"
#include "service/backup/backup_run.h"
#include "service/catalog/catalog_records.h"
#include "service/platform/work_priority.h"

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
};

struct BackupOutcome {
  std::optional<BackupResult> made;  // verified; nothing when nothing had changed, or it failed
  std::optional<Error> failure;
  bool destination_failed = false;  // it is the destination that cannot be reached
};

struct ScanJob {
  std::filesystem::path destination;
  std::string dataset;
  std::string database_name;
  std::string host;
  std::map<std::string, std::uint64_t> known;  // file name -> size
};

struct ScanOutcome {
  std::vector<ArchiveRecord> found;
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
  virtual CheckOutcome check(const std::filesystem::path& archive,
                             const std::stop_token& stop) noexcept = 0;
};

}  // namespace holdfast
