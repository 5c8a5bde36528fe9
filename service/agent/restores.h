#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "service/agent/dataset_run.h"
#include "service/jobs/workers.h"

namespace holdfast {

// Restores, and what one would change. Lives on the agent's thread.
class Restores {
 public:
  struct Parts {
    RunParts run;
    Workers& workers;
  };

  explicit Restores(Parts parts) : parts_(std::move(parts)) {}

  RunWork work_for(const DatasetState& state, const RunRequest& request) const;
  // Of one that could not even be begun.
  TakeOutcome failed(const Error& why) const;
  // What takes back the last restore of the dataset. Throws Error(NotFound) when there is nothing
  // to take back.
  RunRequest undo(const DatasetState& state, const std::string& user);

  // Calls it with what restoring the archive would change, or why that cannot be told. Throws
  // Error: NotFound, and TooManyRequests while too many are looked at.
  using Told = std::function<void(const PreviewOutcome& outcome)>;
  void preview(const DatasetState& state, const std::string& file_name, RowCounts rows, Told told);
  // Ends soon what is looked at.
  void stop();

 private:
  void take(DatasetState& state, RunRecord& record, const RestoreOutcome& outcome) const;
  void take_restored(DatasetState& state, RunRecord& record, const RestoreResult& restored) const;

  Parts parts_;
  std::map<std::uint64_t, std::stop_source> previews_;
  std::uint64_t last_preview_ = 0;
};

// The archive of that name, in the present destination rather than in an earlier one. Throws
// Error(NotFound).
const ArchiveRecord& archive_named(const DatasetState& state, const std::string& file_name);
std::filesystem::path archive_path(const ArchiveRecord& archive);

}  // namespace holdfast
