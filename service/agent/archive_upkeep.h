#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/jobs/work.h"
#include "service/jobs/workers.h"

namespace holdfast {

// Keeps what is known of a dataset's archives true, and their number as configured: looks through
// the destination, compares the copies that OneDrive made with their archives, checks the newest
// archive when no verified one is known there (the catalog was lost, or the folder comes from
// another machine), and deletes what retention names. What is only in the cloud is not opened. Each
// step goes on a worker, one at a time for a dataset. Lives on the agent's thread.
class ArchiveUpkeep {
 public:
  struct Parts {
    RecordKeeper& records;
    Workers& workers;
    EventLog& events;
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

  // What somebody asked for, of one archive in the present destination: begun by go_on(), one after
  // the other. `told` is called when it is done, with the archive as it is known then; never when
  // the dataset, its user or the service goes before. Both throw Error: NotFound, and
  // TooManyRequests when too much waits already.
  using Told =
      std::function<void(const ArchiveRecord& archive, const std::optional<Error>& why_not)>;
  // Reads every byte of it.
  void verify(const DatasetState& state, const std::string& file_name, Told told);
  // Deletes it, unless it is needed (manual_deletion_refusal()) by what the folder holds then.
  void remove(const DatasetState& state, const std::string& file_name, Told told);
  // Begins what was asked for and waits, or gives it up where nothing can be done with the dataset.
  // Not while a backup of it is under way.
  void go_on(DatasetState& state);
  void give_up(const std::string& key) { asked_.erase(key); }

 private:
  // What a worker does, and what is done with it on the agent's thread.
  using Then = std::function<void(DatasetState&)>;
  using Job = std::function<Then(const std::stop_token&)>;

  using Asked = std::function<void(DatasetState&)>;

  void start(const DatasetState& state, Job job);
  void ask(const DatasetState& state, const std::string& file_name, Asked what);
  void scan(const DatasetState& state, std::function<void(DatasetState&, const ScanOutcome&)> then);
  bool take_found(DatasetState& state, const ScanOutcome& outcome);
  void take_along(const DatasetState& state, const std::vector<std::string>& moved);
  void deliver(DatasetState& state);
  void take_delivery(DatasetState& state, const Delivery& delivery);
  void compare_copies(DatasetState& state);
  void check_newest(DatasetState& state);
  void take_check(DatasetState& state, const std::string& file_name, const CheckOutcome& outcome);
  void apply_retention(DatasetState& state);
  void take_deletions(DatasetState& state, const DeleteOutcome& outcome);
  void remove_if_not_needed(DatasetState& state, const std::string& file_name, const Told& told);

  Parts parts_;
  std::map<std::string, std::stop_source> under_way_;
  std::map<std::string, std::deque<Asked>> asked_;
  bool stopping_ = false;
};

}  // namespace holdfast
