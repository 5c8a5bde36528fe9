#pragma once

#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "service/agent/dataset_state.h"
#include "service/agent/record_keeper.h"
#include "service/jobs/workers.h"
#include "service/platform/event_log.h"

namespace holdfast {

// Follows this computer's archives until the cloud has them: looks at those that are on their way,
// without reading them, and records what it finds. Lives on the agent's thread; looks go on
// workers, one at a time for a dataset.
class UploadWatch {
 public:
  struct Parts {
    RecordKeeper& records;
    Workers& workers;
    EventLog& events;
    const Clock& clock;
    // The dataset's state, wherever it is by now; nothing when it is configured no more.
    std::function<DatasetState*(const std::string& key)> find;
    std::function<void()> on_change;
  };

  explicit UploadWatch(Parts parts) : parts_(std::move(parts)) {}

  // Looks at what is due of it, if anything is.
  void look(DatasetState& state);
  // When something of it is to be looked at; nothing when all of it is where it should be.
  std::optional<Time> next_look(const DatasetState& state) const;
  // What a user's tray saw: reasons, and the occasion for a look.
  void take_signals(const std::string& user, const TraySignals& signals);
  void stop();

 private:
  void begin(const DatasetState& state, CloudJob job);
  void put_off_unseen(DatasetState& state, const CloudJob& job, const CloudOutcome& outcome) const;
  void take(DatasetState& state, const CloudOutcome& outcome);
  void keep_wait(DatasetState& state, std::optional<Time> since) const;

  Parts parts_;
  std::map<std::string, std::stop_source> under_way_;
  std::map<std::string, TraySignals> signals_;  // by user
  // When the signals were seen that a dataset was last looked at with.
  std::map<std::string, std::optional<Time>> looked_at_;
  bool is_stopping_ = false;
};

// The way of each archive into the cloud that is still to be followed, as it is recorded, with what
// is known of those already.
UploadTracks upload_tracks(const DatasetState& state, Time now);

}  // namespace holdfast
