#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/database.h"
#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE_METHOD(ProtectedDataset,
                 "A dataset is backed up soon after it is known, and then as scheduled") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "A scheduled run makes nothing when nothing changed, and that counts") {
  pass(10min);
  pass(20h);
  CHECK(archives() == 1);
  CHECK(outcomes() == std::vector{RunOutcome::Unchanged, RunOutcome::Verified});
  CHECK(told(EventId::BackupUnchanged) == 1);
  pass(23h);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "Once a week an archive is made although nothing seems to have changed") {
  for (int hour = 0; hour < 15 * 24; ++hour) pass(1h);
  CHECK(archives() == 3);
}

TEST_CASE_METHOD(ProtectedDataset, "Who asks gets an archive, also when nothing changed") {
  pass(10min);
  const RunTicket ticket = protection->ask("emr", asked());
  CHECK(protection->run(ticket).state == RunReport::State::Queued);
  settle();
  CHECK(archives() == 2);
  const RunReport report = protection->run(ticket);
  CHECK(report.state == RunReport::State::Ended);
  CHECK(report.record.outcome == RunOutcome::Verified);
  CHECK(work.disk[kDestination].contains(report.record.archive));
  CHECK(work.jobs.back().priority == WorkPriority::Waited);
  CHECK(work.jobs.front().priority == WorkPriority::Background);
}

TEST_CASE_METHOD(ProtectedDataset, "Two requests become one run, and both learn what came of it") {
  settle();
  const RunTicket first = protection->ask("emr", asked());
  protection->tick();
  CHECK(protection->run(first).state == RunReport::State::Running);
  CHECK(protection->ask("emr", asked()) == first);
  settle();
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(ProtectedDataset, "A failed run is told with its reason, and tried again soon") {
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some space.");
  };
  pass(10min);
  CHECK(status().health == Health::Failed);
  CHECK(status().headline.find("The disk is full") != std::string::npos);
  CHECK(told(EventId::DiskFull) == 1);
  CHECK(protection->history({.dataset = "emr", .limit = 1}).at(0).error_code == "disk_full");
  work.before_backup = [](const BackupJob&) {};
  pass(5min);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "A run whose thread cannot be started fails, and the next one starts") {
  EffectiveDataset other = dataset("other");
  other.dataset.database = "/data/other.db";
  start({dataset("emr"), other});
  settle();
  const RunTicket first = protection->ask("emr", asked());
  const RunTicket second = protection->ask("other", asked());
  workers.starts_that_fail = 1;
  settle();
  const RunRecord failed = protection->run(first).record;
  CHECK(failed.outcome == RunOutcome::Failed);
  CHECK(failed.sentence == "No thread can be started. Close programs.");
  CHECK(told(EventId::BackupFailed) == 1);
  CHECK(protection->run(second).record.outcome == RunOutcome::Verified);
  pass(5min);
  CHECK(protection->history({.dataset = "emr", .limit = 1}).at(0).outcome == RunOutcome::Verified);
}

TEST_CASE_METHOD(ProtectedDataset, "A look that cannot be begun keeps no backup from being made") {
  for (int starts = 1; starts < 5; ++starts) {
    CAPTURE(starts);
    start();
    workers.starts_that_fail = starts;
    for (int i = 0; i < 10; ++i) {
      try {
        settle();
      } catch (const Error&) {  // the agent tries again in a minute
      }
    }
    change_data();
    const RunTicket ticket = protection->ask("emr", asked());
    settle();
    CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
  }
}

TEST_CASE_METHOD(ProtectedDataset, "A stop interrupts what runs, and the next start knows") {
  settle();
  protection->ask("emr", asked());
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

TEST_CASE_METHOD(ProtectedDataset,
                 "A run that the service did not live to end is told as interrupted") {
  settle();
  protection->ask("emr", asked());
  protection->tick();
  workers.forget_all();
  start();
  CHECK(outcomes() == std::vector{RunOutcome::Interrupted});
}

TEST_CASE_METHOD(ProtectedDataset, "A run can be cancelled while it waits and while it works") {
  settle();
  const RunTicket waiting = protection->ask("emr", asked());
  CHECK(protection->cancel_backups("emr"));
  CHECK(protection->run(waiting).record.outcome == RunOutcome::Cancelled);
  const RunTicket working = protection->ask("emr", asked());
  protection->tick();
  CHECK(protection->cancel_backups("emr"));
  workers.do_all();
  CHECK(protection->run(working).record.outcome == RunOutcome::Cancelled);
  CHECK_FALSE(protection->cancel_backups("emr"));
  CHECK(archives() == 0);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "What is configured no more ends what runs for it, and is recorded") {
  settle();
  const RunTicket ticket = protection->ask("emr", asked());
  protection->tick();
  protection->use({dataset("other")});
  CHECK(protection->run(ticket).state == RunReport::State::Running);
  workers.do_all();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Cancelled);
  CHECK(status().id == "other");
}

TEST_CASE_METHOD(ProtectedDataset,
                 "A dataset keeps its run and its history when its settings change") {
  settle();
  const RunTicket ticket = protection->ask("emr", asked());
  protection->tick();
  EffectiveDataset changed = dataset();
  changed.dataset.title = "Another title";
  protection->use({changed});
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
  CHECK(status().health == Health::Protected);
  CHECK(status().title == "Another title");
}

TEST_CASE_METHOD(ProtectedDataset,
                 "A dataset whose folders cannot be told says so and holds up no other") {
  EffectiveDataset lost = dataset("a");
  lost.dataset.database = "{programdata}/clinic.db";
  start({lost, dataset("b")});
  pass(10min);
  const auto statuses = protection->statuses();
  CHECK(statuses.at(0).health == Health::Failed);
  CHECK(statuses.at(0).headline.find("{programdata}") != std::string::npos);
  CHECK(statuses.at(1).health == Health::Protected);
  CHECK_THROWS_AS(protection->ask("a", asked()), Error);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "What a user has grows no older while that user is not signed in") {
  EffectiveDataset notes = dataset("notes");
  notes.dataset.database = "{documents}/notes.db";
  const std::vector<PresentUser> anna{
      {.user = {.sid = "S-1-5-21-1",
                .name = "anna",
                .folders = {{"documents", "/home/anna"}, {"localappdata", "/home/anna/local"}}}}};
  protection->use({notes}, anna);
  pass(10min);
  CAPTURE(status().headline);
  REQUIRE(status().health == Health::Protected);
  const auto backups = outcomes().size();
  protection->use({notes});
  pass(240h);
  CHECK(outcomes().size() == backups);
  CHECK(status().health == Health::Protected);
  CHECK(status().headline == "Backed up 10 days ago. Waits until S-1-5-21-1 signs in.");
  CHECK(told(EventId::Stale) == 0);
  CHECK(protection->archives(status().id).size() == 1);
  CHECK_THROWS_AS(protection->ask(status().id, asked()), Error);
  // Back again, it is backed up at once.
  protection->use({notes}, anna);
  pass(1min);
  CHECK(outcomes().size() == backups + 1);
}

TEST_CASE_METHOD(ProtectedDataset, "What runs for a user who signs out comes to its end") {
  EffectiveDataset notes = dataset("notes");
  notes.dataset.database = "{documents}/notes.db";
  const std::vector<PresentUser> anna{
      {.user = {.sid = "S-1-5-21-1",
                .name = "anna",
                .folders = {{"documents", "/home/anna"}, {"localappdata", "/home/anna/local"}}}}};
  protection->use({notes}, anna);
  settle();
  const RunTicket ticket = protection->ask("notes@S-1-5-21-1", asked());
  protection->tick();
  protection->use({notes});
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "A trouble that lasts is told once, another one is told, and so is its end") {
  ErrorCode trouble = ErrorCode::DatabaseBusy;
  work.before_backup = [&trouble](const BackupJob&) {
    throw Error(trouble, "It cannot be done.", "Try later.");
  };
  for (int hour = 0; hour < 12; ++hour) pass(1h);
  CHECK(told(EventId::BackupFailed) == 1);
  CHECK(told(EventId::Stale) == 0);
  trouble = ErrorCode::DiskFull;
  for (int hour = 0; hour < 6; ++hour) pass(1h);
  CHECK(told(EventId::DiskFull) == 1);
  for (int hour = 0; hour < 12; ++hour) pass(1h);
  CHECK(told(EventId::Stale) == 1);
  work.before_backup = [](const BackupJob&) {};
  for (int hour = 0; hour < 6; ++hour) pass(1h);
  CHECK(told(EventId::BackupVerified) == 1);
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DiskFull, "It cannot be done.", "Try later.");
  };
  change_data();
  for (int hour = 0; hour < 6; ++hour) pass(1h);
  CHECK(told(EventId::DiskFull) == 2);
}

TEST_CASE_METHOD(ProtectedDataset, "That retention is held back is told, and that it goes on") {
  pass(10min);
  work.counts["patients"] = 10;
  change_data();
  pass(4h);
  CHECK(told(EventId::RetentionHeldBack) == 1);
  CHECK(told(EventId::RetentionGoesOn) == 0);
  work.counts["patients"] = 100;
  change_data();
  pass(4h);
  pass(1min);
  CHECK(told(EventId::CountsDropped) == 1);
  CHECK(told(EventId::RetentionGoesOn) == 1);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "That nothing can be recorded is told once, and that it can again") {
  pass(10min);
  {
    const SqliteConnection other = open_database(folder.path() / "catalog.db");
    execute(other.get(), "BEGIN EXCLUSIVE");
    change_data();
    pass(4h);
    pass(1min);
    CHECK(told(EventId::NotRecorded) == 1);
    CHECK(told(EventId::Recorded) == 0);
    execute(other.get(), "ROLLBACK");
  }
  change_data();
  pass(4h);
  pass(1min);
  CHECK(told(EventId::NotRecorded) == 1);
  CHECK(told(EventId::Recorded) == 1);
}

TEST_CASE_METHOD(ProtectedDataset, "That a backup is stale is told once") {
  pass(10min);
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DatabaseBusy, "The database is busy.", "Try later.");
  };
  change_data();
  for (int hour = 0; hour < 50; ++hour) pass(1h);
  CHECK(status().health == Health::Failed);
  CHECK(told(EventId::Stale) == 1);
}
TEST_CASE_METHOD(ProtectedDataset,
                 "A run that waits ends when its dataset can be backed up no more") {
  settle();
  const RunTicket ticket = protection->ask("emr", asked());
  EffectiveDataset lost = dataset();
  lost.dataset.database = "{localappdata}/clinic.db";
  protection->use({lost});
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Cancelled);
  settle();
  CHECK(archives() == 0);
}

TEST_CASE_METHOD(ProtectedDataset, "What is remembered for those who wait does not grow for ever") {
  settle();
  const RunTicket first = protection->ask("emr", asked());
  protection->cancel_backups("emr");
  RunTicket last = 0;
  for (int i = 0; i < 1000; ++i) {
    last = protection->ask("emr", asked());
    protection->cancel_backups("emr");
  }
  CHECK(protection->run(last).record.outcome == RunOutcome::Cancelled);
  CHECK_THROWS_AS(protection->run(first), Error);
}

}  // namespace
}  // namespace holdfast
