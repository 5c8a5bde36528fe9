#include "service/agent/ended_runs.h"

#include <algorithm>
#include <utility>

namespace holdfast {
namespace {

constexpr std::size_t kReportsKept = 200;

}  // namespace

const RunReport* EndedRuns::find(RunTicket ticket) const {
  const auto found = std::ranges::find(last_, ticket, &RunReport::ticket);
  return found == last_.end() ? nullptr : &*found;
}

void EndedRuns::wait(RunTicket ticket, Then then) {
  waiting_.emplace(ticket, std::move(then));
}

void EndedRuns::add(const RunReport& ended) {
  last_.push_back(ended);
  if (last_.size() > kReportsKept) last_.pop_front();
  for (auto waiting = waiting_.extract(ended.ticket); waiting;
       waiting = waiting_.extract(ended.ticket)) {
    waiting.mapped()(ended);
  }
}

}  // namespace holdfast
