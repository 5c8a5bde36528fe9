#include "service/triggers/trigger_gate.h"

#include <algorithm>

namespace holdfast {

TriggerGate::TriggerGate(std::chrono::seconds quiet_time, std::chrono::seconds latest)
    : quiet_time_(quiet_time), latest_(latest) {}

void TriggerGate::fired(Time now, std::string_view cause) {
  if (!waits_) waits_ = Waiting{.first = now, .last = now, .seen = now};
  follow_clock(now);
  waits_->last = now;
  if (std::ranges::find(waits_->causes, cause) == waits_->causes.end()) {
    waits_->causes.emplace_back(cause);
  }
}

bool TriggerGate::due(Time now, Database database) {
  if (!waits_) return false;
  follow_clock(now);
  const bool app_closed = std::ranges::find(waits_->causes, kAppCloses) != waits_->causes.end();
  if (app_closed && database == Database::Changed) waits_->last = now;
  return now - waits_->last >= quiet_time_ || now - waits_->first >= latest_;
}

std::string TriggerGate::causes() const {
  std::string text;
  if (!waits_) return text;
  for (const std::string& cause : waits_->causes) text += (text.empty() ? "" : ", ") + cause;
  return text;
}

// What was waited until a clock was put back counts on.
void TriggerGate::follow_clock(Time now) {
  if (now < waits_->seen) {
    const std::chrono::seconds back = waits_->seen - now;
    waits_->first -= back;
    waits_->last -= back;
  }
  waits_->seen = now;
}

}  // namespace holdfast
