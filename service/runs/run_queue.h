#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/catalog/catalog_records.h"

namespace holdfast {

// Who waits for a run, in rising order. From Asked on, a run always makes an archive; below, it
// ends as unchanged when nothing changed.
enum class Urgency { Scheduled, Triggered, Asked, BeforeDestructive };

struct RunRequest {
  std::string dataset;
  RunKind kind = RunKind::Backup;
  Urgency urgency = Urgency::Scheduled;
  std::string cause;     // "schedule", "startup", "manual"...
  std::string reason;    // what a person or a program gave as the reason
  std::string user;      // who asked for it
  std::string source;    // the archive of a restore or a drill, by its file name
  bool foreign = false;  // of a restore: also what seems to be of another application
};

// Names a run for those who wait for it; never given twice while the service runs.
using RunTicket = std::uint64_t;

struct QueuedRun {
  RunTicket ticket = 0;
  RunRequest request;
};

// Which run starts next: one at a time for a dataset, no more than a few at once, the most urgent
// first and then the one that was asked for first. Pure: whoever owns it starts the runs.
//
// Requests for backups of one dataset become one run, and so get one ticket:
// - One that waits takes up every other request, and becomes as urgent as the most urgent.
// - One that runs takes up the schedule, which wants no more than a run about now, and takes up
//   somebody who asks when it makes an archive anyway (a second click). Whatever is triggered or
//   about to be destroyed meanwhile may not be in what it has read already: that gets a new run.
//
// Drills of one archive become one run in the same way. Each restore is a run of its own.
class RunQueue {
 public:
  explicit RunQueue(std::size_t most_at_once) : most_at_once_(most_at_once) {}

  RunTicket add(const RunRequest& request);

  // The run to start now, which counts as running from here on; nothing when none can start.
  // Datasets in `busy` are passed over.
  std::optional<QueuedRun> take_next(std::span<const std::string> busy = {});
  void ended(RunTicket ticket);

  // Takes back a run that waits.
  void withdraw(RunTicket ticket);

  const std::vector<QueuedRun>& waiting() const { return waiting_; }
  const std::vector<QueuedRun>& running() const { return running_; }
  bool is_waiting_or_running(std::string_view dataset) const;
  // Nothing for one that has ended, or never was.
  std::optional<RunRequest> find(RunTicket ticket) const;

 private:
  std::size_t most_at_once_;
  RunTicket last_ticket_ = 0;
  std::vector<QueuedRun> waiting_;  // in the order in which they were asked for
  std::vector<QueuedRun> running_;
};

}  // namespace holdfast
