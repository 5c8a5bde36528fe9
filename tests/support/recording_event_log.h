#pragma once

#include <vector>

#include "service/platform/event_log.h"

namespace holdfast {

class RecordingEventLog final : public EventLog {
 public:
  void report(const Event& event) noexcept override { events.push_back(event); }

  std::vector<Event> events;
};

}  // namespace holdfast
