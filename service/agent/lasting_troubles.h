#pragma once

#include <string>

#include "service/agent/dataset_state.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Tells the Event Log of what comes about by the passing of time, or is nobody's outcome: once when
// it begins, and where its end is worth a word, once when it ends.
class LastingTroubles {
 public:
  explicit LastingTroubles(EventLog& events) : events_(events) {}

  void tell(DatasetState& state, const DatasetFacts& facts, Time now) const;
  // Why what happens cannot be recorded; empty when it can.
  void tell_record_fault(const std::string& fault);

 private:
  void tell_held_back(DatasetState& state) const;

  EventLog& events_;
  bool told_not_recorded_ = false;
};

}  // namespace holdfast
