#pragma once

#include <string>

#include "service/platform/event_log.h"

namespace holdfast {

// The event as the Event Log shows it: a sentence or two.
std::string event_text(const Event& event);

// "information", "warning" or "error": the thousand of the event's number.
const char* event_severity(EventId id);

}  // namespace holdfast
