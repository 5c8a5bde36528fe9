#include "service/agent/trigger_watch.h"

#include <memory>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/fake_work.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Kind = Trigger::Kind;

struct Fixture {
  TemporaryFolder folder;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};
  FakeTimeZone zone{0s};
  FakeWork work;
  PatientWorkers workers;
  RecordingEventLog events;
  std::set<std::string> programs;
  std::string mark = "1";
  Protection protection{{.catalog_file = folder.path() / "catalog.db",
                         .work = work,
                         .workers = workers,
                         .events = events,
                         .clock = clock,
                         .zone = zone,
                         .machine = {.host = "PC"},
                         .on_change = [] {}}};
  TriggerWatch triggers{{.protection = protection,
                         .workers = workers,
                         .clock = clock,
                         .letter_case = LetterCase::Ignored,
                         .running_programs = [this] { return programs; },
                         .change_mark = [this](const BackupRequest&) { return mark; },
                         .on_change = [] {}}};

  Fixture() {
    work.now = [this] { return clock.now(); };
  }

  void use(std::vector<Trigger> with) {
    protection.use({{.dataset = {.id = "emr",
                                 .title = "EMR",
                                 .database = path_text(folder.path() / "clinic.db"),
                                 .destination = FolderDestination{"/backups"},
                                 .schedule = Manual{},
                                 .triggers = std::move(with),
                                 .drill_every = std::nullopt}}});
    triggers.use_datasets();
    settle();
  }
  void settle() {
    do {
      workers.do_all();
      triggers.tick();
      protection.tick();
    } while (workers.waiting() != 0);
  }
  // As the agent looks, second by second.
  void pass(std::chrono::seconds time) {
    for (auto second = 0s; second < time; ++second) {
      clock.advance(1s);
      if (second.count() % 2 == 0) triggers.look_at_programs();
      if (second.count() % 5 == 0) triggers.look_at_databases();
      settle();
    }
  }
  std::size_t archives() { return work.disk["/backups"].size(); }
  std::string last_cause() {
    return protection.history({.dataset = "emr", .limit = 1}).at(0).cause;
  }
  // As somebody is told who sees all.
  std::vector<std::string> faults() const {
    return triggers.faults([](const std::string&) { return true; });
  }
};

TEST_CASE_METHOD(Fixture, "A start backs up what was not backed up within the hour") {
  use({{.kind = Kind::Startup}});
  triggers.fire(Kind::Startup);
  pass(30s);
  CHECK(archives() == 1);
  CHECK(last_cause() == "startup");
  work.state = "2";
  triggers.fire(Kind::Startup);
  pass(30s);
  CHECK(archives() == 1);
  clock.advance(1h);
  triggers.fire(Kind::Startup);
  pass(30s);
  CHECK(archives() == 2);
}

TEST_CASE_METHOD(Fixture, "A trigger that is not configured starts nothing") {
  use({{.kind = Kind::SignOut}});
  triggers.fire(Kind::Startup);
  CHECK_FALSE(triggers.fire_now(Kind::Shutdown));
  pass(30s);
  CHECK(archives() == 0);
  CHECK(triggers.fire_now(Kind::SignOut));
  settle();
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(Fixture,
                 "When the program closes, its data is backed up once the database rests") {
  use({{.kind = Kind::AppCloses, .subject = "Clinic.exe"}});
  programs = {"clinic.exe", "explorer.exe"};
  pass(4s);
  programs = {"explorer.exe"};
  for (int second = 0; second < 30; ++second) {
    mark += ".";
    pass(1s);
  }
  CHECK(archives() == 0);
  pass(30s);
  CHECK(archives() == 1);
  CHECK(last_cause() == "app_closes");
  programs = {"clinic.exe"};
  pass(60s);
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(Fixture, "When the result of the query changes, the data is backed up once") {
  const auto file = folder.path() / "clinic.db";
  make_database(file, "CREATE TABLE shifts(shift_end); INSERT INTO shifts VALUES(NULL)");
  use({{.kind = Kind::QueryChanges,
        .subject = "SELECT count(*) FROM shifts WHERE shift_end IS NOT NULL"}});
  pass(30s);
  CHECK(archives() == 0);
  const SqliteConnection application = open_database(file);
  execute(application.get(), "INSERT INTO shifts VALUES(NULL)");
  pass(60s);
  CHECK(archives() == 0);
  execute(application.get(), "UPDATE shifts SET shift_end = 1");
  pass(60s);
  CHECK(archives() == 1);
  CHECK(last_cause() == "query_changes");
  pass(60s);
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(Fixture, "A watched query's fault is told to those only who may see its dataset") {
  EffectiveDataset annas{.dataset = {.id = "notes",
                                     .title = "Notes",
                                     .database = path_text(folder.path() / "notes.db"),
                                     .destination = FolderDestination{"/backups"},
                                     .schedule = Manual{},
                                     .triggers = {{.kind = Kind::QueryChanges,
                                                   .subject = "SELECT secret FROM nowhere"}},
                                     .drill_every = std::nullopt}};
  annas.owner = "S-1-5-21-1";
  make_database(folder.path() / "notes.db", "CREATE TABLE notes(a)");
  protection.use({annas}, {{.user = {.sid = annas.owner,
                                     .name = "anna",
                                     .folders = {{"localappdata", "/home/anna"}}}}});
  triggers.use_datasets();
  pass(60s);
  CHECK(faults().size() == 1);
  const auto told_to = [this](const std::string& sid) {
    return triggers.faults(
        [&sid](const std::string& owner) { return owner.empty() || owner == sid; });
  };
  CHECK(told_to(annas.owner) == faults());
  CHECK(told_to("S-1-5-21-2").empty());
}

TEST_CASE_METHOD(Fixture, "A query that no longer works is told, and goes on when it works again") {
  const auto file = folder.path() / "clinic.db";
  make_database(file, "CREATE TABLE shifts(a)");
  use({{.kind = Kind::QueryChanges, .subject = "SELECT count(*) FROM shifts"}});
  pass(10s);
  CHECK(faults().empty());
  make_database(file, "ALTER TABLE shifts RENAME TO stints");
  pass(60s);
  REQUIRE(faults().size() == 1);
  CHECK(faults().at(0).starts_with("EMR: "));
  CHECK(faults().at(0).find("no such table: shifts") != std::string::npos);
  make_database(file, "ALTER TABLE stints RENAME TO shifts");
  pass(10min);
  CHECK(faults().empty());
}

TEST_CASE_METHOD(Fixture, "A change of the configuration forgets nothing that a query has shown") {
  const auto file = folder.path() / "clinic.db";
  make_database(file, "CREATE TABLE shifts(a)");
  const std::vector<Trigger> watched{
      {.kind = Kind::QueryChanges, .subject = "SELECT count(*) FROM shifts"}};
  use(watched);
  pass(10s);
  make_database(file, "INSERT INTO shifts VALUES(1)");
  use(watched);
  pass(60s);
  CHECK(archives() == 1);
}

TEST_CASE_METHOD(Fixture, "A dataset that goes takes its triggers along") {
  use({{.kind = Kind::Startup}});
  triggers.fire(Kind::Startup);
  protection.use({});
  triggers.use_datasets();
  pass(30s);
  CHECK(archives() == 0);
}

TEST_CASE_METHOD(Fixture, "A stop breaks off the look at the databases, and begins no other") {
  use({{.kind = Kind::QueryChanges, .subject = "SELECT count(*) FROM nothing"}});
  triggers.look_at_databases();
  REQUIRE(workers.waiting() == 1);
  triggers.stop();
  workers.do_all();
  CHECK(faults().empty());
  triggers.look_at_databases();
  CHECK(workers.waiting() == 0);
}

}  // namespace
}  // namespace holdfast
