#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "service/agent/dataset_run.h"
#include "service/jobs/workers.h"

namespace holdfast {

// Looks whether a database is sound when no backup does: when the service starts, after a run that
// failed, and once a week. A restore that was broken off is brought to its end before that. Nobody
// waits for it: it gives way to every run. Lives on the agent's thread.
class Inspections {
 public:
  struct Parts {
    RunParts run;
    Workers& workers;
    // The dataset's state, wherever it is by now; nothing when it is configured no more.
    std::function<DatasetState*(const std::string& key)> find;
    std::function<void()> on_change;
  };

  explicit Inspections(Parts parts) : parts_(std::move(parts)) {}

  bool is_due(const DatasetState& state) const;
  void begin(const DatasetState& state);
  // Whether nothing else may be done with the dataset: a restore is brought to its end.
  bool is_busy(const std::string& key) const { return recovering_.contains(key); }
  // Somebody wants to do more with the dataset than look at it.
  void make_way(const std::string& key);
  // Ends soon what is under way.
  void stop();

 private:
  void recover(const DatasetState& state);
  void inspect(const DatasetState& state);
  void take_recovered(DatasetState& state, const RecoverOutcome& outcome);
  void take_inspected(DatasetState& state, const InspectOutcome& outcome) const;

  Parts parts_;
  std::set<std::string> recovering_;
  std::map<std::string, std::stop_source> inspecting_;
};

}  // namespace holdfast
