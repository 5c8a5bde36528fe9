#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <utility>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/jobs/work.h"
#include "service/jobs/workers.h"

namespace holdfast {

// Keeps what is known of a dataset's archives true, and their number as configured: looks through
// the destination, checks the newest archive when no verified one is known there (the catalog was
// lost, or the folder comes from another machine), and deletes what retention names. Each step goes
// on a worker, one at a time for a dataset. Lives on the agent's thread.
class ArchiveUpkeep {
 public:
  struct Parts {
    RecordKeeper& records;
    Work& work;
    Workers& workers;
    const Clock& clock;
    const TimeZone& zone;
    const MachineFacts& machine;
    // The dataset's state, wherever it is by now; nothing when it is configured no more.
    std::function<DatasetState*(const std::string& key)> find;
    std::function<void()> on_change;  // what is known of archives is another
    std::function<void()> on_idle;    // a dataset is not busy any more
  };

  explicit ArchiveUpkeep(Parts parts) : parts_(std::move(parts)) {}

  // Looks through the destination, then does what follows from it. Nothing is deleted on the word
  // of the catalog alone: a person may have taken archives away since.
  void begin(DatasetState& state);
  bool is_busy(const std::string& key) const { return under_way_.contains(key); }
  // Ends soon what is under way, and begins nothing more.
  void stop();

 private:
  // What a worker does, and what is done with it on the agent's thread.
  using Then = std::function<void(DatasetState&)>;
  using Job = std::function<Then(const std::stop_token&)>;

  void start(const DatasetState& state, Job job);
  void take_scan(DatasetState& state, const ScanOutcome& outcome);
  void check_newest(DatasetState& state);
  void take_check(DatasetState& state, const std::string& file_name, const CheckOutcome& outcome);
  void apply_retention(DatasetState& state);
  void take_deletions(DatasetState& state, const DeleteOutcome& outcome);

  Parts parts_;
  std::map<std::string, std::stop_source> under_way_;
  bool stopping_ = false;
};

}  // namespace holdfast
