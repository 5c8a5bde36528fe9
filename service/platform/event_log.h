#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast {

// What administrators watch for in the Event Log. The number of an event and the order of its
// strings never change meaning; the texts stand in installer/events.mc.
enum class EventId : std::uint32_t {
  Started = 1000,              // version, mode
  Stopped = 1001,              // reason
  ConfigurationMended = 2140,  // what was put right
  NotStarted = 3000,           // reason, with what to do
};

struct Event {
  EventId id;
  std::vector<std::string> strings;
};

class EventLog {
 public:
  EventLog() = default;
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;
  virtual ~EventLog() = default;

  // From any thread. An event that cannot be written is logged and never stops the work it tells
  // of.
  virtual void report(const Event& event) noexcept = 0;
};

}  // namespace holdfast
