#pragma once

#include "service/agent/dataset_run.h"

namespace holdfast {

// Backups: what one is asked to do, and what follows from how it ended.
class BackupRuns {
 public:
  explicit BackupRuns(RunParts parts) : parts_(std::move(parts)) {}

  RunWork work_for(const DatasetState& state, const RunRequest& request) const;
  // Of one that could not even be begun.
  TakeOutcome failed(const Error& why) const;

 private:
  void take(DatasetState& state, RunRecord& record, const BackupOutcome& outcome) const;
  void take_archive(DatasetState& state, RunRecord& record, const BackupOutcome& outcome) const;
  void take_kept(DatasetState& state, RunRecord& record, const BackupOutcome& outcome) const;
  void take_counts(DatasetState& state, const std::map<std::string, std::int64_t>& counts) const;
  void take_failure(DatasetState& state, RunRecord& record, const BackupOutcome& outcome) const;

  RunParts parts_;
};

}  // namespace holdfast
