#include "service/agent/protection.h"

#include <algorithm>
#include <memory>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/fake_work.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr const char* kDestination = "/backups";
const RunRequest kAsked{.urgency = Urgency::Asked, .cause = "manual"};

EffectiveDataset dataset(const std::string& id = "emr") {
  return {.dataset = {.id = id,
                      .title = "The practice",
                      .database = "/data/clinic.db",
                      .destination = FolderDestination{kDestination},
                      .schedule = Every{4h},
                      .keep = {.last = 3},
                      .counts = {{"patients", "SELECT 1"}}}};
}

struct Fixture {
  TemporaryFolder folder;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  FakeTimeZone zone{0s};
  FakeWork work;
  PatientWorkers workers;
  RecordingEventLog events;
  std::unique_ptr<Protection> protection;

  Fixture() {
    work.now = [this] { return clock.now(); };
    work.counts = {{"patients", 100}};
    start();
  }

  // The service, anew.
  void start(const std::vector<EffectiveDataset>& datasets = {dataset()}) {
    protection.reset();
    protection =
        std::make_unique<Protection>(Protection::Parts{.catalog_file = folder.path() / "catalog.db",
                                                       .work = work,
                                                       .workers = workers,
                                                       .events = events,
                                                       .clock = clock,
                                                       .zone = zone,
                                                       .machine = {.host = "PC", .user = "anna"},
                                                       .on_change = [] {}});
    protection->use(datasets);
  }

  // Until there is nothing to do now.
  void settle() {
    do {
      workers.do_all();
      protection->tick();
    } while (workers.waiting() != 0);
  }
  void pass(std::chrono::seconds time) {
    clock.advance(time);
    settle();
  }
  DatasetStatus status() const { return protection->statuses().at(0); }
  std::vector<RunOutcome> outcomes() {
    std::vector<RunOutcome> outcomes;
    for (const RunRecord& run : protection->history("", 100)) outcomes.push_back(run.outcome);
    return outcomes;
  }
  std::size_t archives() { return work.disk[kDestination].size(); }
  std::string newest() { return work.disk[kDestination].rbegin()->first; }
  int told(EventId id) const {
    return static_cast<int>(std::ranges::count(events.events, id, &Event::id));
  }
  void change_data() { work.state += "."; }
};

TEST_CASE_METHOD(Fixture, "A dataset is backed up soon after it is known, and then as scheduled") {
  settle();
  CHECK(status().health == Health::None);
  pass(10min);
  CHECK(archives() == 1);
  CHECK(status().health == Health::Protected);
  CHECK(told(EventId::BackupVerified) == 1);
  change_data();
  pass(3h);
  CHECK(archives() == 1);
  pass(1h);
  CHECK(archives() == 2);
}

TEST_CASE_METHOD(Fixture, "A scheduled run makes nothing when nothing changed, and that counts") {
  pass(10min);
  pass(20h);
  CHECK(archives() == 1);
  CHECK(outcomes() == std::vector{RunOutcome::Unchanged, RunOutcome::Verified});
  CHECK(told(EventId::BackupUnchanged) == 1);
  pass(23h);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(Fixture, "Once a week an archive is made although nothing seems to have changed") {
  for (int hour = 0; hour < 15 * 24; ++hour) pass(1h);
  CHECK(archives() == 3);
}

TEST_CASE_METHOD(Fixture, "Who asks gets an archive, also when nothing changed") {
  pass(10min);
  const RunTicket ticket = protection->ask("emr", kAsked);
  CHECK(protection->run(ticket).state == RunReport::State::Queued);
  settle();
  CHECK(archives() == 2);
  const RunReport report = protection->run(ticket);
  CHECK(report.state == RunReport::State::Ended);
  CHECK(report.record.outcome == RunOutcome::Verified);
  CHECK(work.disk[kDestination].contains(report.record.archive));
  CHECK(work.jobs.back().priority == WorkPriority::Normal);
  CHECK(work.jobs.front().priority == WorkPriority::Background);
}

TEST_CASE_METHOD(Fixture, "Two requests become one run, and both learn what came of it") {
  settle();
  const RunTicket first = protection->ask("emr", kAsked);
  protection->tick();
  CHECK(protection->run(first).state == RunReport::State::Running);
  CHECK(protection->ask("emr", kAsked) == first);
  settle();
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(Fixture, "An archive that was taken away makes nothing look unchanged") {
  pass(10min);
  change_data();
  pass(4h);
  pass(8h);
  REQUIRE(outcomes().front() == RunOutcome::Unchanged);
  work.disk[kDestination].erase(newest());
  pass(4h);
  CHECK(outcomes().front() == RunOutcome::Verified);
  CHECK(archives() == 2);
}

TEST_CASE_METHOD(Fixture, "What was found unchanged since an archive that is gone proves nothing") {
  pass(10min);
  change_data();
  pass(4h);
  pass(20h);
  REQUIRE(outcomes().front() == RunOutcome::Unchanged);
  work.disk[kDestination].erase(newest());
  pass(1h);
  CHECK(status().health == Health::Stale);
}

TEST_CASE_METHOD(Fixture, "A failed run is told with its reason, and tried again soon") {
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some space.");
  };
  pass(10min);
  CHECK(status().health == Health::Failed);
  CHECK(status().headline.find("The disk is full") != std::string::npos);
  CHECK(told(EventId::DiskFull) == 1);
  CHECK(protection->history("emr", 1).at(0).error_code == "disk_full");
  work.before_backup = [](const BackupJob&) {};
  pass(5min);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(Fixture, "Retention follows each backup") {
  for (int i = 0; i < 6; ++i) {
    change_data();
    pass(4h);
  }
  CHECK(archives() == 3);
  CHECK(work.removed.size() == 3);
  CHECK(std::ranges::is_sorted(work.removed));
}

TEST_CASE_METHOD(Fixture, "Nothing is deleted in the place of archives that somebody took away") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  auto& disk = work.disk[kDestination];
  disk.erase(disk.begin(), std::prev(disk.end()));
  change_data();
  pass(4h);
  CHECK(archives() == 2);
  CHECK(work.removed.empty());
}

TEST_CASE_METHOD(Fixture, "A damaged database raises the alarm, and retention waits for its end") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DatabaseDamaged, "clinic.db is damaged.", "Restore it.");
  };
  change_data();
  pass(4h);
  CHECK(status().health == Health::Damaged);
  CHECK(told(EventId::DatabaseDamaged) >= 1);
  pass(0s);
  CHECK(told(EventId::RetentionHeldBack) == 1);
  start();
  settle();
  CHECK(status().health == Health::Damaged);
  work.before_backup = [](const BackupJob&) {};
  pass(4h);
  CHECK(status().health == Health::Protected);
  CHECK(archives() == 3);
}

TEST_CASE_METHOD(Fixture, "Dropped counts ring until they are back, and hold retention back") {
  pass(10min);
  work.counts = {{"patients", 50}};
  for (int i = 0; i < 5; ++i) {
    change_data();
    pass(4h);
  }
  CHECK(status().health == Health::Damaged);
  CHECK(status().headline.find("from 100 to 50") != std::string::npos);
  CHECK(told(EventId::CountsDropped) == 1);
  CHECK(archives() == 6);
  CHECK(work.removed.empty());
  work.counts = {{"patients", 101}};
  change_data();
  pass(4h);
  CHECK(status().health == Health::Protected);
  CHECK(archives() == 3);
}

TEST_CASE_METHOD(Fixture,
                 "A lost catalog is made anew from the folder, once an archive was checked") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  protection.reset();
  std::filesystem::remove(folder.path() / "catalog.db");
  start();
  CHECK(status().health == Health::None);
  protection->tick();
  workers.do_one();
  CHECK(status().health == Health::None);
  workers.do_all();
  CHECK(status().health == Health::Protected);
  CHECK(status().archived_at);
}

TEST_CASE_METHOD(Fixture, "When the newest archive found is broken, the next one is checked") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  const Time second = work.disk[kDestination]
                          .at(std::prev(work.disk[kDestination].end(), 2)->first)
                          .manifest.created_at;
  work.broken_archives.insert(newest());
  protection.reset();
  std::filesystem::remove(folder.path() / "catalog.db");
  start();
  protection->tick();
  workers.do_all();
  CHECK(status().archived_at == second);
  CHECK(archives() == 3);
}

TEST_CASE_METHOD(Fixture, "An archive that was made but not recorded is not taken for an old one") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  clock.advance(1h);
  const std::string unseen =
      archive_file_name({.dataset = "emr", .taken_at = clock.now(), .host = "PC"});
  work.disk[kDestination][unseen].manifest.created_at = clock.now();
  start();
  settle();
  for (int i = 0; i < 2; ++i) {
    change_data();
    pass(4h);
  }
  CHECK(work.disk[kDestination].contains(unseen));
}

TEST_CASE_METHOD(Fixture, "A stop interrupts what runs, and the next start knows") {
  settle();
  protection->ask("emr", kAsked);
  protection->tick();
  REQUIRE(workers.waiting() == 1);
  protection->stop();
  workers.do_all();
  protection->tick();
  CHECK(workers.waiting() == 0);
  CHECK_FALSE(protection->has_runs());
  start();
  CHECK(outcomes() == std::vector{RunOutcome::Interrupted});
}

TEST_CASE_METHOD(Fixture, "A run that the service did not live to end is told as interrupted") {
  settle();
  protection->ask("emr", kAsked);
  protection->tick();
  workers.forget_all();
  start();
  CHECK(outcomes() == std::vector{RunOutcome::Interrupted});
}

TEST_CASE_METHOD(Fixture, "A run can be cancelled while it waits and while it works") {
  settle();
  const RunTicket waiting = protection->ask("emr", kAsked);
  CHECK(protection->cancel("emr"));
  CHECK(protection->run(waiting).record.outcome == RunOutcome::Cancelled);
  const RunTicket working = protection->ask("emr", kAsked);
  protection->tick();
  CHECK(protection->cancel("emr"));
  workers.do_all();
  CHECK(protection->run(working).record.outcome == RunOutcome::Cancelled);
  CHECK_FALSE(protection->cancel("emr"));
  CHECK(archives() == 0);
}

TEST_CASE_METHOD(Fixture, "What is configured no more ends what runs for it, and is recorded") {
  settle();
  const RunTicket ticket = protection->ask("emr", kAsked);
  protection->tick();
  protection->use({dataset("other")});
  CHECK(protection->run(ticket).state == RunReport::State::Running);
  workers.do_all();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Cancelled);
  CHECK(status().id == "other");
}

TEST_CASE_METHOD(Fixture, "A dataset keeps its run and its history when its settings change") {
  settle();
  const RunTicket ticket = protection->ask("emr", kAsked);
  protection->tick();
  EffectiveDataset changed = dataset();
  changed.dataset.title = "Another title";
  protection->use({changed});
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
  CHECK(status().health == Health::Protected);
  CHECK(status().title == "Another title");
}

TEST_CASE_METHOD(Fixture, "A dataset whose folders cannot be told says so and holds up no other") {
  EffectiveDataset lost = dataset("a");
  lost.dataset.database = "{localappdata}/clinic.db";
  start({lost, dataset("b")});
  pass(10min);
  const auto statuses = protection->statuses();
  CHECK(statuses.at(0).health == Health::Failed);
  CHECK(statuses.at(0).headline.find("{localappdata}") != std::string::npos);
  CHECK(statuses.at(1).health == Health::Protected);
  CHECK_THROWS_AS(protection->ask("a", kAsked), Error);
}

TEST_CASE_METHOD(Fixture, "That a backup is stale is told once") {
  pass(10min);
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DatabaseBusy, "The database is busy.", "Try later.");
  };
  change_data();
  for (int hour = 0; hour < 50; ++hour) pass(1h);
  CHECK(status().health == Health::Failed);
  CHECK(told(EventId::Stale) == 1);
}

TEST_CASE_METHOD(Fixture, "Backups go on while the catalog is locked, and are recorded later") {
  settle();
  const SqliteConnection other = open_database(folder.path() / "catalog.db");
  execute(other.get(), "BEGIN EXCLUSIVE");
  pass(10min);
  CHECK(archives() == 1);
  CHECK_FALSE(protection->record_fault().empty());
  execute(other.get(), "ROLLBACK");
  change_data();
  pass(4h);
  CHECK(protection->record_fault().empty());
  CHECK(status().health == Health::Protected);
  CHECK(protection->datasets().at("emr").archives.size() == 2);
}

TEST_CASE_METHOD(Fixture, "Backups are made without any catalog, and known once there is one") {
  protection.reset();
  std::filesystem::remove_all(folder.path());
  start();
  CHECK_FALSE(protection->record_fault().empty());
  pass(10min);
  CHECK(archives() == 1);
  std::filesystem::create_directories(folder.path());
  change_data();
  pass(4h);
  CHECK(protection->record_fault().empty());
  CHECK(archives() == 2);
  pass(1h);
  CHECK(protection->datasets().at("emr").archives.size() == 2);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(Fixture, "What is remembered of the runs is what the catalog says of them") {
  const auto is_same = [this] {
    const RunSummary remembered = protection->datasets().at("emr").runs;
    start();
    const RunSummary recorded = protection->datasets().at("emr").runs;
    CHECK(recorded == remembered);
  };
  pass(10min);
  is_same();
  pass(4h);
  is_same();
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DatabaseBusy, "The database is busy.", "Try later.");
  };
  pass(4h);
  is_same();
  pass(5min);
  is_same();
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::Cancelled, "The backup was cancelled.", "");
  };
  pass(4h);
  is_same();
}

TEST_CASE_METHOD(Fixture, "What retention would do is told for every archive") {
  for (int i = 0; i < 2; ++i) {
    change_data();
    pass(4h);
  }
  const auto decisions = protection->retention_preview("emr");
  REQUIRE(decisions.size() == 2);
  CHECK(decisions.at(0).verdict == RetentionDecision::Verdict::Keep);
  CHECK_FALSE(decisions.at(0).reason.empty());
  CHECK_THROWS_AS(protection->retention_preview("nothing"), Error);
}

}  // namespace
}  // namespace holdfast
