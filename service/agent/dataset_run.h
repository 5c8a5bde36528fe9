#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/jobs/work.h"
#include "service/platform/event_log.h"

namespace holdfast {

// What each kind of run is made of: it is done by a worker, and then taken in on the agent's
// thread, where the run's record is completed and kept.
using TakeOutcome = std::function<void(DatasetState& state, RunRecord& record)>;
using RunWork = std::function<TakeOutcome(const OnRunProgress&, const std::stop_token&)>;

// What all kinds of runs need.
struct RunParts {
  RecordKeeper& records;
  EventLog& events;
  const Clock& clock;
  const MachineFacts& machine;
  // What is broken off from now on was not cancelled by anybody.
  std::function<bool()> is_stopping;
};

// `more` is what the event tells beside the dataset's title.
inline void report(EventLog& events, const DatasetState& state, EventId id,
                   std::vector<std::string> more = {}) {
  more.insert(more.begin(), state.dataset.title);
  events.report({id, std::move(more), state.key});
}

}  // namespace holdfast
