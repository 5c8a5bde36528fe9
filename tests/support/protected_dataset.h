#pragma once

#include <memory>
#include <string>
#include <vector>

#include "service/agent/protection.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/fake_work.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {

// A protection whose work is done when the test says so: of one dataset, on a disk that is none.
class ProtectedDataset {
 public:
  static constexpr const char* kDestination = "/backups";

  // No drill is due by itself.
  static EffectiveDataset dataset(const std::string& id = "emr");
  // As somebody's click does.
  static RunRequest asked() { return {.urgency = Urgency::Asked, .cause = "manual"}; }

  ProtectedDataset();

  // The service, anew.
  void start(const std::vector<EffectiveDataset>& datasets = {dataset()});
  // Until there is nothing to do now.
  void settle();
  void pass(std::chrono::seconds time);
  void change_data() { work.state += "."; }

  DatasetStatus status() const { return protection->statuses().at(0); }
  std::vector<RunOutcome> outcomes();
  std::size_t archives() { return work.disk[kDestination].size(); }
  std::string newest() { return work.disk[kDestination].rbegin()->first; }
  int told(EventId id) const;

  TemporaryFolder folder;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  FakeTimeZone zone{std::chrono::seconds(0)};
  FakeWork work;
  PatientWorkers workers;
  RecordingEventLog events;
  std::unique_ptr<Protection> protection;
};

}  // namespace holdfast
