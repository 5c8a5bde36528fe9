#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/agent/archive_upkeep.h"
#include "service/agent/backup_runs.h"
#include "service/agent/dataset_state.h"
#include "service/agent/drills.h"
#include "service/agent/ended_runs.h"
#include "service/agent/inspections.h"
#include "service/agent/known_datasets.h"
#include "service/agent/lasting_troubles.h"
#include "service/agent/record_keeper.h"
#include "service/agent/restores.h"
#include "service/agent/run_report.h"
#include "service/agent/upload_watch.h"
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
    // Any number.
    std::function<std::uint64_t()> random = [] { return std::uint64_t{0}; };
    // The name of the folder that a user's files are in.
    std::function<std::string(const std::string& sid)> profile_name = [](const std::string& sid) {
      return sid;
    };
    // The SID of the user in whose own folder a path lies; empty for what is nobody's.
    std::function<std::string(const std::string& path)> profile_owner = [](const std::string&) {
      return std::string();
    };
    // With which what is the machine's is done; null for all that this process may do.
    std::shared_ptr<const UserRights> service_rights;
  };

  explicit Protection(Parts parts);

  // From now on these are protected, for the machine and for these users. What runs for others is
  // told to end; what a user has who signed out comes to its end and then waits.
  void use(const std::vector<EffectiveDataset>& datasets,
           const std::vector<PresentUser>& users = {});

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
  // Whether a backup of what this user has was asked for, or triggered, and has not begun.
  bool is_waited_for(std::string_view owner) const;
  // The backups of it that were asked for and have not ended. Throws Error(NotFound).
  std::vector<RunRequest> backups_of(std::string_view dataset) const;
  // Ends them; whether there were any. Throws Error(NotFound).
  bool cancel_backups(std::string_view dataset);
  // What was asked for, of a run that has not ended. Throws Error(NotFound).
  RunRequest asked_as(RunTicket ticket) const;
  // Ends that run: it waited, or it will end soon, or it has come so far that it comes to its end.
  enum class Cancelling { Done, Asked, TooLate };
  Cancelling cancel(RunTicket ticket);

  // Asks for a restore of an archive that is known, over the dataset's own database. Both throw as
  // ask() does, and Error(NotFound) where there is no such archive, or nothing to take back.
  RunTicket ask_for_restore(std::string_view dataset, const std::string& archive, bool foreign,
                            const std::string& user);
  struct Undo {
    RunTicket run = 0;
    std::string archive;  // what it restores
  };
  Undo ask_for_undo(std::string_view dataset, const std::string& user);
  // What restoring it would change. Throws as Restores::preview() does.
  void preview(std::string_view dataset, const std::string& archive, RowCounts rows,
               Restores::Told told);
  // Asks for test restores: of that archive, or of the newest and an older one where none is named.
  struct AskedDrill {
    RunTicket run = 0;
    std::string archive;
  };
  std::vector<AskedDrill> ask_for_drill(std::string_view dataset, const std::string& archive,
                                        const std::string& user);

  // What a user's tray saw of this user's OneDrive.
  void take_tray_signals(const std::string& user, const TraySignals& signals) {
    uploads_.take_signals(user, signals);
  }

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

  const KnownDatasets::Map& datasets() const { return datasets_.configured(); }
  // Why what happens cannot be recorded; empty when it can.
  const std::string& record_fault() const { return records_.fault(); }

 private:
  RunParts run_parts();
  void queue_what_is_due();
  void start_what_waits();
  void start(const QueuedRun& run);
  RunWork work_for(const DatasetState& state, const RunRequest& request) const;
  TakeOutcome failed(const RunRequest& request, const Error& why) const;
  std::stop_source start_work(const DatasetState& state, const QueuedRun& run);
  void take_progress(const QueuedRun& run, const RunProgress& progress);
  void finish(const QueuedRun& run, const TakeOutcome& take);
  // What comes after a run that came to its good end.
  void follow(DatasetState& state, const RunRecord& ended);
  void inspect_what_rests();
  void make_way(const std::string& key);
  std::optional<Time> next_run(const DatasetState& state) const;
  void put_off(const RunRequest& cancelled);
  // Ends a run that waits as cancelled, and all that wait of a dataset.
  void withdraw(const QueuedRun& run);
  void withdraw_all(const std::string& key);
  // The archive, which must be on this disk. Throws Error(NotFound).
  const ArchiveRecord& to_be_read(std::string_view dataset, const std::string& archive);
  // For those who wait for it.
  void remember(RunTicket ticket, const RunRecord& ended);
  Time now() const { return parts_.clock.now(); }

  Parts parts_;
  RecordKeeper records_;
  KnownDatasets datasets_;
  RunQueue queue_;
  BackupRuns backups_;
  Restores restores_;
  Drills drills_;
  Inspections inspections_;
  ArchiveUpkeep upkeep_;
  UploadWatch uploads_;
  EndedRuns ended_;
  LastingTroubles troubles_;
  Time awake_since_;
  bool stopping_ = false;
};

}  // namespace holdfast
