#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "service/agent/archive_upkeep.h"
#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/agent/run_report.h"
#include "service/jobs/work.h"
#include "service/jobs/workers.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Keeps the configured datasets backed up: starts what is due or asked for, records what came of
// it, tells the Event Log, and lets retention follow. Lives on the agent's thread. It does nothing
// by itself: tick() is called when next_tick() has come, and after whatever else is called here.
class Protection {
 public:
  struct Parts {
    std::filesystem::path catalog_file;
    Work& work;
    Workers& workers;
    EventLog& events;
    const Clock& clock;
    const TimeZone& zone;
    MachineFacts machine;
    // Called when statuses() or next_tick() may have another answer.
    std::function<void()> on_change;
    // A run has begun, come further, or ended.
    std::function<void(const RunReport&)> on_run = [](const RunReport&) {};
  };

  explicit Protection(Parts parts);

  // From now on these are protected. What runs for others is told to end.
  void use(const std::vector<EffectiveDataset>& datasets);

  void tick();
  // Never further away than a minute, for clocks are set.
  Time next_tick() const;
  // The machine slept.
  void woke() { awake_since_ = now(); }

  // What a backup of it would be asked to do. Throws Error(NotFound).
  BackupRequest request_of(std::string_view dataset) const;
  // Asks for a backup. Throws Error: NotFound for a dataset that there is not, and what is wrong
  // with its configuration.
  RunTicket ask(std::string_view dataset, const RunRequest& request);
  // What became of that. Throws Error(NotFound) for a ticket that was never given, or whose run
  // ended long ago.
  RunReport run(RunTicket ticket) const;
  // Calls it with what became of that, now when it has ended already. Throws as run() does.
  void when_ended(RunTicket ticket, std::function<void(const RunReport&)> then);
  // What was asked for it and has not ended. Throws Error(NotFound).
  std::vector<RunRequest> runs_of(std::string_view dataset) const;
  // Ends the dataset's runs, those that wait and the one under way; whether there were any.
  bool cancel(std::string_view dataset);
  // As ArchiveUpkeep has them. They throw Error(NotFound).
  void verify_archive(std::string_view dataset, const std::string& file_name,
                      ArchiveUpkeep::Told told);
  void delete_archive(std::string_view dataset, const std::string& file_name,
                      const std::string& user, const ArchiveUpkeep::Told& told);
  // All that are known, in all destinations, the newest first.
  const std::vector<ArchiveRecord>& archives(std::string_view dataset) const;
  // Takes the counts of the newest backup as right although some have fallen: the alarm ends, and
  // retention goes on. Those counts. Throws Error(NotFound) when nothing rings.
  std::map<std::string, std::int64_t> accept_counts(std::string_view dataset,
                                                    const std::string& user);
  // How long ago the dataset's data was last surely as in its newest archive; nothing when never.
  std::optional<std::chrono::seconds> age(const DatasetState& state) const;

  // Nothing is started any more, and what runs is told to end; workers report their ends still.
  void stop();
  bool has_runs() const { return !queue_.running().empty() || !queue_.waiting().empty(); }

  // Of the datasets whose owners are to be seen.
  using Sees = std::function<bool(const std::string& owner)>;
  std::vector<DatasetStatus> statuses(const Sees& sees = [](const std::string&) {
    return true;
  }) const;
  // The newest first. Throws Error(NotFound) for a dataset that there is not.
  std::vector<RunRecord> history(const RunQuery& query);
  // What retention would do now. Throws Error(NotFound).
  std::vector<RetentionDecision> retention_preview(std::string_view dataset) const;

  using Datasets = std::map<std::string, DatasetState, std::less<>>;
  const Datasets& datasets() const { return datasets_; }
  // Why what happens cannot be recorded; empty when it can.
  const std::string& record_fault() const { return records_.fault(); }

 private:
  void reload();
  void queue_what_is_due();
  void start_what_waits();
  void start(const QueuedRun& run);
  void take_progress(const QueuedRun& run, const BackupProgress& progress);
  void finish(const QueuedRun& run, const BackupOutcome& outcome);
  void take_archive(DatasetState& state, RunRecord& record, const BackupResult& made);
  void take_counts(DatasetState& state, const std::map<std::string, std::int64_t>& counts);
  void take_failure(DatasetState& state, RunRecord& record, const BackupOutcome& outcome);
  void tell_about(DatasetState& state);
  void tell_about_record();
  // `more` is what the event tells beside the dataset's title.
  void report(const DatasetState& state, EventId id, std::vector<std::string> more = {}) const;
  std::optional<Time> next_run(const DatasetState& state) const;
  // Ends the dataset's run that waits as cancelled; whether there was one.
  bool withdraw(const std::string& key);
  // For those who wait for it.
  void remember(RunTicket ticket, const RunRecord& ended);
  DatasetState* find(std::string_view dataset);
  const DatasetState& known(std::string_view dataset) const;
  Time now() const { return parts_.clock.now(); }

  Parts parts_;
  RecordKeeper records_;
  Datasets datasets_;
  Datasets leaving_;  // no longer configured, but with a run under way
  RunQueue queue_;
  ArchiveUpkeep upkeep_;
  std::deque<RunReport> ended_;  // the last ones, for those who wait
  std::multimap<RunTicket, std::function<void(const RunReport&)>> waiting_for_end_;
  Time awake_since_;
  bool told_not_recorded_ = false;
  bool stopping_ = false;
};

}  // namespace holdfast
