#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "service/agent/dataset_run.h"

namespace holdfast {

// Test restores: when one is due, of which archives, and what follows from it.
class Drills {
 public:
  struct Parts {
    RunParts run;
    std::function<std::uint64_t()> random;  // any number
  };

  explicit Drills(Parts parts) : parts_(std::move(parts)) {}

  // What is due now: the newest archive, and an older one. None when nothing is.
  std::vector<RunRequest> due(const DatasetState& state) const;
  // What somebody asked for: those two, or the one that is named. Throws Error(NotFound).
  std::vector<RunRequest> asked(const DatasetState& state, const std::string& file_name,
                                const std::string& user) const;
  // One by the schedule was cancelled by somebody: the next comes in its turn.
  void put_off(DatasetState& state) const;
  RunWork work_for(const DatasetState& state, const RunRequest& request) const;
  // Of one that could not even be begun.
  TakeOutcome failed(const Error& why) const;

 private:
  std::vector<RunRequest> requests(const DatasetState& state, const RunRequest& like) const;
  void take(DatasetState& state, RunRecord& record, const DrillOutcome& outcome) const;

  Parts parts_;
};

}  // namespace holdfast
