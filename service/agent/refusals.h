#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "common/clock.h"
#include "common/error.h"
#include "service/pipe/caller.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Tells the Event Log who was refused what: once an hour for a user and a method, so that nobody
// can flood it.
class Refusals {
 public:
  Refusals(EventLog& events, const Clock& clock) : events_(events), clock_(clock) {}

  void take(const Caller& caller, std::string_view method, const Error& refusal);

 private:
  EventLog& events_;
  const Clock& clock_;
  std::map<std::pair<std::string, std::string>, Time> told_;  // user and method -> when
};

}  // namespace holdfast
