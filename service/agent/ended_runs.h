#pragma once

#include <deque>
#include <functional>
#include <map>

#include "service/agent/run_report.h"

namespace holdfast {

// How the last runs ended, and who waits for the end of one.
class EndedRuns {
 public:
  using Then = std::function<void(const RunReport&)>;

  // Nothing for one that has not ended, or ended long ago.
  const RunReport* find(RunTicket ticket) const;
  // Calls it once with how that run ended.
  void wait(RunTicket ticket, Then then);
  // Tells those who wait for it.
  void add(const RunReport& ended);

 private:
  std::deque<RunReport> last_;
  std::multimap<RunTicket, Then> waiting_;
};

}  // namespace holdfast
