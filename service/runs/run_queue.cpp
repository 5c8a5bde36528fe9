#include "service/runs/run_queue.h"

#include <algorithm>

namespace holdfast {
namespace {

auto run_of(auto& runs, std::string_view dataset) {
  return std::ranges::find_if(
      runs, [dataset](const QueuedRun& run) { return run.request.dataset == dataset; });
}

// Whether both would do the same.
bool is_alike(const RunRequest& one, const RunRequest& other) {
  return one.kind != RunKind::Restore && one.kind == other.kind && one.dataset == other.dataset &&
         one.source == other.source;
}

bool satisfies(const RunRequest& running, const RunRequest& request) {
  if (!is_alike(running, request)) return false;
  if (request.kind == RunKind::Drill) return true;
  switch (request.urgency) {
    case Urgency::Scheduled: return true;
    case Urgency::Asked: return running.urgency >= Urgency::Asked;
    case Urgency::Triggered:
    case Urgency::BeforeDestructive: break;
  }
  return false;
}

void add_words(std::string& all, const std::string& words, std::string_view separator) {
  if (words.empty() || all == words) return;
  if (!all.empty()) all += separator;
  all += words;
}

void take_up(RunRequest& waiting, const RunRequest& request) {
  if (request.urgency > waiting.urgency) {
    waiting.urgency = request.urgency;
    waiting.cause = request.cause;
    waiting.user = request.user;
  }
  add_words(waiting.reason, request.reason, "; ");
}

}  // namespace

RunTicket RunQueue::add(const RunRequest& request) {
  const auto running = run_of(running_, request.dataset);
  if (running != running_.end() && satisfies(running->request, request)) return running->ticket;
  const auto waiting = std::ranges::find_if(
      waiting_, [&request](const QueuedRun& run) { return is_alike(run.request, request); });
  if (waiting != waiting_.end()) {
    take_up(waiting->request, request);
    return waiting->ticket;
  }
  waiting_.push_back({++last_ticket_, request});
  return last_ticket_;
}

std::optional<QueuedRun> RunQueue::take_next(std::span<const std::string> busy) {
  if (running_.size() >= most_at_once_) return std::nullopt;
  auto best = waiting_.end();
  for (auto run = waiting_.begin(); run != waiting_.end(); ++run) {
    if (std::ranges::find(busy, run->request.dataset) != busy.end()) continue;
    if (run_of(running_, run->request.dataset) != running_.end()) continue;
    if (best == waiting_.end() || run->request.urgency > best->request.urgency) best = run;
  }
  if (best == waiting_.end()) return std::nullopt;
  running_.push_back(*best);
  waiting_.erase(best);
  return running_.back();
}

void RunQueue::ended(RunTicket ticket) {
  std::erase_if(running_, [ticket](const QueuedRun& run) { return run.ticket == ticket; });
}

void RunQueue::withdraw(RunTicket ticket) {
  std::erase_if(waiting_, [ticket](const QueuedRun& run) { return run.ticket == ticket; });
}

std::optional<RunRequest> RunQueue::find(RunTicket ticket) const {
  for (const auto* runs : {&waiting_, &running_}) {
    const auto found = std::ranges::find(*runs, ticket, &QueuedRun::ticket);
    if (found != runs->end()) return found->request;
  }
  return std::nullopt;
}

bool RunQueue::is_waiting_or_running(std::string_view dataset) const {
  return run_of(waiting_, dataset) != waiting_.end() || run_of(running_, dataset) != running_.end();
}

}  // namespace holdfast
