#include <string>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/catalog/catalog.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

using enum RunOutcome;

const Time kNow = time_from("2026-11-20T10:00:00Z");

struct Fixture {
  TemporaryFolder folder;
  std::filesystem::path file = folder.path() / "catalog.db";
  Catalog catalog{file, kNow};

  std::int64_t add(RunOutcome outcome, Time start = kNow, RunKind kind = RunKind::Backup) {
    const std::int64_t run =
        catalog.begin_run({.dataset = "clinic", .kind = kind, .started_at = start});
    if (outcome != Running) {
      catalog.end_run(run, {.ended_at = start + 1min, .outcome = outcome});
    }
    return run;
  }

  RunSummary summary() const { return catalog.summary("clinic"); }
  int failures() const { return summary().failures; }

  // Old runs, quickly: as if each had been begun and ended. Ids go on from the last.
  void add_old(int count, const std::string& kind, const std::string& outcome) const {
    execute(open_database(file).get(),
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                std::to_string(count) +
                ") INSERT INTO run SELECT (SELECT coalesce(max(id), 0) FROM run) + i, 'clinic', '" +
                kind + "', '', '', '', i, i + 1, '" + outcome + "', '', '', '', '' FROM n");
  }

  std::int64_t count(const std::string& condition) const {
    return std::stoll(
        ask(open_database(file).get(), "SELECT count(*) FROM run WHERE " + condition));
  }
};

TEST_CASE("A run is under way until it ends, and is then told with how it ended") {
  Fixture fixture;
  RunRecord run{.id = 99,
                .dataset = "clinic",
                .kind = RunKind::Restore,
                .cause = "manual",
                .reason = "before the update",
                .user = "ann",
                .started_at = kNow,
                .ended_at = kNow,
                .outcome = Failed,
                .archive = "not yet"};
  const std::int64_t id = fixture.catalog.begin_run(run);
  run.id = id;
  run.ended_at.reset();
  run.outcome = Running;
  run.archive.clear();
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 9}) == std::vector{run});

  fixture.catalog.end_run(id, {kNow + 5s, Failed, "disk_full", "The disk is full."});
  run.ended_at = kNow + 5s;
  run.outcome = Failed;
  run.error_code = "disk_full";
  run.sentence = "The disk is full.";
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 9}) == std::vector{run});
  CHECK(Catalog(fixture.file, kNow).runs({.dataset = "clinic", .limit = 9}) == std::vector{run});
}

TEST_CASE("Runs are told by the order in which they were begun, whatever the clock said") {
  Fixture fixture;
  const std::int64_t first = fixture.add(Verified, kNow + 24h);
  const std::int64_t second = fixture.add(Verified, kNow - 24h);
  const std::int64_t other = fixture.catalog.begin_run({.dataset = "rvu", .started_at = kNow});
  CHECK(first < second);
  CHECK(second < other);
  const auto all = fixture.catalog.runs({.limit = 9});
  REQUIRE(all.size() == 3);
  CHECK(all[0].id == other);
  CHECK(all[1].id == second);
  CHECK(all[2].id == first);
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 1}).front().id == second);
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 0}).empty());
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = -1}).empty());
  CHECK(fixture.catalog.runs({.dataset = "none", .limit = 9}).empty());
}

TEST_CASE("A run that is not under way cannot end, and the archive is not recorded either") {
  Fixture fixture;
  const std::int64_t run = fixture.add(Failed);
  for (const std::int64_t id : {run, run + 1}) {
    try {
      fixture.catalog.end_run(id, {kNow, Verified},
                              {.dataset = "clinic", .file_name = "a.zip", .taken_at = kNow});
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::NotFound);
    }
    CHECK_THROWS_AS(fixture.catalog.end_run(id, {kNow, Verified}), Error);
  }
  CHECK_THROWS_AS(fixture.catalog.end_run(fixture.add(Running), {kNow, Running}), Error);
  CHECK(fixture.catalog.archives("clinic").empty());
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 2}).back().outcome == Failed);
}

TEST_CASE("Runs that were under way when the service ended become interrupted, and count") {
  Fixture fixture;
  fixture.add(Verified);
  fixture.add(Running);
  fixture.catalog.begin_run({.dataset = "rvu", .started_at = kNow});
  CHECK(fixture.catalog.end_interrupted_runs(kNow + 1h) == 2);
  CHECK(fixture.catalog.end_interrupted_runs(kNow + 2h) == 0);
  const RunRecord run = fixture.catalog.runs({.dataset = "clinic", .limit = 1}).front();
  CHECK(run.outcome == Interrupted);
  CHECK(run.ended_at == kNow + 1h);
  CHECK_FALSE(run.sentence.empty());
  CHECK(fixture.failures() == 1);
  CHECK(fixture.catalog.runs({.dataset = "clinic", .limit = 2}).back().outcome == Verified);
}

TEST_CASE("The summary tells the last good backup, the last of all, and the failures since") {
  Fixture fixture;
  CHECK_FALSE(fixture.summary().last);
  CHECK_FALSE(fixture.summary().last_good_start);
  fixture.add(Verified, kNow);
  CHECK(fixture.summary().last_good_start == kNow);
  CHECK_FALSE(fixture.summary().unchanged_at);
  fixture.add(Unchanged, kNow + 1h);
  CHECK(fixture.summary().last_good_start == kNow + 1h);
  CHECK(fixture.summary().unchanged_at == kNow + 1h + 1min);
  const std::int64_t failed = fixture.add(Failed, kNow - 9h);
  CHECK(fixture.summary().last_good_start == kNow + 1h);
  CHECK(fixture.summary().unchanged_at == kNow + 1h + 1min);
  CHECK(fixture.summary().last->id == failed);
  fixture.add(Running, kNow + 3h);
  CHECK(fixture.summary().last->id == failed);
  CHECK(fixture.failures() == 1);
  CHECK(fixture.catalog.summary("rvu").failures == 0);
}

TEST_CASE("Failures in a row are those of backups since one was good or was cancelled") {
  struct Row {
    std::vector<RunOutcome> runs;
    int failures;
  };
  const Row rows[] = {{{}, 0},
                      {{Failed}, 1},
                      {{Failed, Interrupted, Failed}, 3},
                      {{Failed, Verified}, 0},
                      {{Verified, Failed, Failed}, 2},
                      {{Failed, Unchanged, Failed}, 1},
                      {{Failed, Cancelled}, 0},
                      {{Failed, Cancelled, Interrupted}, 1},
                      {{Failed, Failed, Running}, 2},
                      {{Failed, Running, Failed}, 2}};
  for (const Row& row : rows) {
    Fixture fixture;
    for (const RunOutcome outcome : row.runs) fixture.add(outcome);
    CHECK(fixture.failures() == row.failures);
  }
}

TEST_CASE("Restores and drills are no backups to the summary") {
  Fixture fixture;
  fixture.add(Failed);
  for (const RunKind kind : {RunKind::Restore, RunKind::Drill}) {
    fixture.add(Verified, kNow + 1h, kind);
    fixture.add(Failed, kNow + 2h, kind);
    fixture.add(Cancelled, kNow + 3h, kind);
  }
  CHECK(fixture.failures() == 1);
  CHECK_FALSE(fixture.summary().last_good_start);
  CHECK(fixture.summary().last->outcome == Failed);
}

TEST_CASE("The last restore is the last that came to its good end, and it is never thinned") {
  Fixture fixture;
  CHECK_FALSE(fixture.catalog.last_restore("clinic"));
  const std::int64_t good = fixture.add(Verified, kNow, RunKind::Restore);
  fixture.add(Failed, kNow + 1h, RunKind::Restore);
  fixture.add(Verified, kNow + 2h);
  fixture.add(Verified, kNow + 3h, RunKind::Drill);
  REQUIRE(fixture.catalog.last_restore("clinic"));
  CHECK(fixture.catalog.last_restore("clinic")->id == good);
  fixture.add_old(6000, "drill", "verified");
  fixture.add(Verified);
  REQUIRE(fixture.catalog.last_restore("clinic"));
  CHECK(fixture.catalog.last_restore("clinic")->id == good);
  CHECK(fixture.count("1") <= kRunsKept);
  CHECK_FALSE(fixture.catalog.last_restore("other"));
}

TEST_CASE("What a run was made of is kept with it") {
  Fixture fixture;
  fixture.catalog.begin_run({.dataset = "clinic", .kind = RunKind::Restore, .source = "a.zip"});
  CHECK(fixture.catalog.runs({.kind = RunKind::Restore}).at(0).source == "a.zip");
  CHECK(fixture.catalog.runs({.kind = RunKind::Drill}).empty());
}

TEST_CASE("Of old runs those stay that tell something, and there is a limit to all") {
  Fixture fixture;
  fixture.add_old(1500, "backup", "unchanged");
  fixture.add_old(1500, "backup", "verified");
  fixture.add_old(1500, "backup", "cancelled");
  fixture.add(Failed);
  CHECK(fixture.count("outcome = 'unchanged'") == 0);
  CHECK(fixture.count("outcome = 'verified'") == 1500);
  CHECK(fixture.count("outcome = 'cancelled'") == kRunsKeptWhole - 1);
  fixture.catalog.begin_run({.dataset = "rvu"});
  CHECK(fixture.count("dataset = 'clinic'") == 1500 + kRunsKeptWhole);

  fixture.add_old(4000, "restore", "failed");
  const std::int64_t newest = fixture.add(Failed);
  CHECK(fixture.count("dataset = 'clinic'") <= kRunsKept);
  CHECK(fixture.count("dataset = 'clinic'") > kRunsKept - 10);
  CHECK(fixture.count("id = " + std::to_string(newest)) == 1);
  CHECK(fixture.count("outcome = 'cancelled'") == 1);
  CHECK(fixture.count("dataset = 'rvu'") == 1);
}

TEST_CASE("The runs that the summary needs stay, however old they are") {
  for (const std::string outcome : {"unchanged", "cancelled", "verified"}) {
    Fixture fixture;
    fixture.add(Verified, kNow);
    fixture.add_old(1, "backup", outcome);
    fixture.add(Failed, kNow + 2h);
    const RunSummary before = fixture.summary();
    for (const std::string kind : {"drill", "restore"}) fixture.add_old(6000, kind, "verified");
    fixture.add(Verified, kNow, RunKind::Drill);
    const RunSummary after = fixture.summary();
    CHECK(fixture.count("1") <= kRunsKept);
    CHECK(after.last_good_start == before.last_good_start);
    CHECK(after.unchanged_at == before.unchanged_at);
    CHECK(after.last == before.last);
    CHECK(after.failures == 1);
  }
}

TEST_CASE("Where nothing but failures ever was, they are kept to the limit and counted") {
  Fixture fixture;
  fixture.add_old(6000, "backup", "failed");
  fixture.add(Failed);
  CHECK(fixture.count("1") <= kRunsKept);
  CHECK(fixture.failures() > kRunsKept - 10);
}

}  // namespace
}  // namespace holdfast
