#include "service/health/dataset_health.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::seconds;
using Cloud = DatasetFacts::Cloud;
using CurrentRun = DatasetFacts::CurrentRun;
using LastRun = DatasetFacts::LastRun;
using Outcome = DatasetFacts::LastRun::Outcome;

const Time kNow = time_from("2026-11-20T12:00:00Z");

// Backed up some time ago, into a folder that is not in the cloud.
DatasetFacts backed_up(seconds ago) {
  return {.known_since = kNow - days(300),
          .archived_at = kNow - ago,
          .last_run = LastRun{Outcome::Verified, kNow - ago, ""}};
}

DatasetFacts never_backed_up(seconds known_for = days(2)) {
  return {.known_since = kNow - known_for};
}

// The facts with some of them changed.
template <typename Change>
DatasetFacts with(DatasetFacts facts, Change change) {
  change(facts);
  return facts;
}

struct Row {
  DatasetFacts facts;
  Health health;
  std::string_view headline;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.headline);
    const DatasetHealth answer = dataset_health(row.facts, kNow);
    CHECK(name(answer.health) == name(row.health));
    CHECK(answer.headline == row.headline);
  }
}

TEST_CASE("A fresh backup protects, and the headline tells verified and uploaded apart") {
  const auto in_cloud = [](Cloud cloud, std::optional<Time> uploaded, std::optional<Time> waiting) {
    return with(backed_up(3h), [&](DatasetFacts& facts) {
      facts.cloud = cloud;
      facts.uploaded_at = uploaded;
      facts.waiting_since = waiting;
    });
  };
  check({
      {backed_up(3h), Health::Protected, "Backed up 3 hours ago."},
      {backed_up(0s), Health::Protected, "Backed up just now."},
      {in_cloud(Cloud::Uploaded, kNow - 2h, {}), Health::Protected,
       "Backed up 3 hours ago; in the cloud for 2 hours."},
      {in_cloud(Cloud::Uploaded, {}, {}), Health::Protected,
       "Backed up 3 hours ago; in the cloud."},
      {in_cloud(Cloud::Uploaded, kNow + days(9), {}), Health::Protected,
       "Backed up 3 hours ago; in the cloud."},
      {in_cloud(Cloud::Waiting, {}, kNow - 3h), Health::Protected,
       "Backed up 3 hours ago; waiting to reach the cloud for 3 hours."},
      {in_cloud(Cloud::Waiting, {}, {}), Health::Protected,
       "Backed up 3 hours ago; waiting to reach the cloud."},
      {in_cloud(Cloud::Unknown, {}, {}), Health::Protected,
       "Backed up 3 hours ago; whether it is in the cloud is unknown."},
  });
}

TEST_CASE("What does not reach the cloud asks for attention") {
  const auto late = [](Cloud cloud, seconds waited) {
    return with(backed_up(3h), [&](DatasetFacts& facts) {
      facts.cloud = cloud;
      facts.uploaded_at = kNow - 2h;
      facts.waiting_since = kNow - waited;
    });
  };
  check({
      {late(Cloud::Waiting, 24h), Health::Protected,
       "Backed up 3 hours ago; waiting to reach the cloud for 24 hours."},
      {late(Cloud::Waiting, 24h + 1s), Health::Waiting,
       "Backed up 3 hours ago; waiting to reach the cloud for 24 hours."},
      {late(Cloud::Error, 0s), Health::Waiting,
       "Backed up 3 hours ago; it could not be sent to the cloud."},
      {late(Cloud::Excluded, 0s), Health::Waiting,
       "Backed up 3 hours ago; the cloud program is set to leave it out."},
      {late(Cloud::Unknown, days(3)), Health::Waiting,
       "Backed up 3 hours ago; unknown whether it is in the cloud, and nothing was seen to get "
       "there for 3 days."},
      {late(Cloud::Waiting, -days(3)), Health::Protected,
       "Backed up 3 hours ago; waiting to reach the cloud."},
  });
}

TEST_CASE("A run that found nothing changed makes the last backup as good as new") {
  const auto unchanged = [](seconds archived, seconds checked) {
    return with(backed_up(archived), [&](DatasetFacts& facts) {
      facts.unchanged_at = kNow - checked;
      facts.last_run = LastRun{Outcome::Unchanged, kNow - checked, ""};
    });
  };
  check({
      {unchanged(days(3), 1h), Health::Protected,
       "Backed up 3 days ago, unchanged when checked 1 hour ago."},
      {unchanged(days(3), days(2)), Health::Stale,
       "Last checked 2 days ago; nothing had changed since the backup before."},
      // Older than the archive: it tells nothing of it.
      {unchanged(1h, days(2)), Health::Protected, "Backed up 1 hour ago."},
      // Without an archive there is nothing that could be unchanged.
      {with(never_backed_up(), [](DatasetFacts& facts) { facts.unchanged_at = kNow - 1h; }),
       Health::None, "Not backed up since it was added 2 days ago."},
  });
}

TEST_CASE("A backup grows stale when it is older than the limit, not before") {
  check({
      {backed_up(24h), Health::Protected, "Backed up 24 hours ago."},
      {backed_up(24h + 1s), Health::Stale, "Last backed up 24 hours ago."},
      {with(backed_up(days(20)),
            [](DatasetFacts& facts) {
              facts.last_run = LastRun{Outcome::Cancelled, kNow - 5min, ""};
              facts.next_run = kNow + 2h;
            }),
       Health::Stale,
       "Last backed up 2 weeks ago. The last try was cancelled 5 minutes ago. Next try in 2 "
       "hours."},
      {with(backed_up(2h), [](DatasetFacts& facts) { facts.stale_after = 1h; }), Health::Stale,
       "Last backed up 2 hours ago."},
  });
}

TEST_CASE("A dataset without a backup is at risk, and says since when") {
  check({
      {never_backed_up(0s), Health::None, "Not backed up yet."},
      {never_backed_up(-days(9)), Health::None, "Not backed up yet."},
      {with(never_backed_up(), [](DatasetFacts& facts) { facts.next_run = kNow + 5min; }),
       Health::None, "Not backed up since it was added 2 days ago. Next try in 5 minutes."},
      {with(never_backed_up(0s), [](DatasetFacts& facts) { facts.next_run = kNow - 5min; }),
       Health::None, "Not backed up yet. Next try now."},
      {with(never_backed_up(0s),
            [](DatasetFacts& facts) {
              facts.current_run = CurrentRun{CurrentRun::Kind::Backup, kNow - 5s, 40};
            }),
       Health::None, "Not backed up yet. Backing up now, 40%."},
      {with(never_backed_up(),
            [](DatasetFacts& facts) {
              facts.last_run = LastRun{Outcome::Cancelled, kNow - 1h, ""};
            }),
       Health::None,
       "Not backed up since it was added 2 days ago. The last try was cancelled 1 hour ago."},
  });
}

TEST_CASE("A failure is the headline when nothing fresh stands behind it") {
  const auto failed = [](DatasetFacts facts) {
    return with(std::move(facts), [](DatasetFacts& each) {
      each.last_run = LastRun{Outcome::Failed, kNow - 5min, "the disk is full."};
      each.next_run = kNow + 10min;
    });
  };
  check({
      {failed(backed_up(days(3))), Health::Failed,
       "Not backed up for 3 days: the disk is full. Next try in 10 minutes."},
      {failed(never_backed_up()), Health::Failed,
       "Never backed up: the disk is full. Next try in 10 minutes."},
      {failed(with(never_backed_up(), [](DatasetFacts& facts) { facts.unchanged_at = kNow - 1h; })),
       Health::Failed, "Never backed up: the disk is full. Next try in 10 minutes."},
      {failed(backed_up(3h)), Health::Protected,
       "Backed up 3 hours ago. The last try failed 5 minutes ago: the disk is full. Next try in 10 "
       "minutes."},
  });
}

TEST_CASE("Damage is told before anything else, with what is left") {
  const auto damaged = [](DatasetFacts facts, std::string_view damage,
                          std::vector<CountDrop> drops) {
    facts.damage = damage;
    facts.drops = std::move(drops);
    facts.last_run = LastRun{Outcome::Failed, kNow - 5min, "the disk is full"};
    facts.current_run = CurrentRun{CurrentRun::Kind::Backup, kNow - 5s, 40};
    return facts;
  };
  check({
      {damaged(backed_up(3h), "row 7 is missing from an index.", {}), Health::Damaged,
       "The database is damaged: row 7 is missing from an index. The last good backup was made 3 "
       "hours ago."},
      {damaged(never_backed_up(), "it is no database", {}), Health::Damaged,
       "The database is damaged: it is no database. There is no good backup."},
      {damaged(backed_up(-days(9)), "it is no database", {}), Health::Damaged,
       "The database is damaged: it is no database. There is a good backup."},
      {damaged(backed_up(3h), "", {{"patients", 1204, 3}}), Health::Damaged,
       "Data may be lost: the number of patients fell from 1204 to 3. The last good backup was "
       "made 3 hours ago."},
      {damaged(backed_up(3h), "", {{"patients", 1204, 3}, {"visits", 9, 1}}), Health::Damaged,
       "Data may be lost: the number of patients fell from 1204 to 3, and 1 more fell. The last "
       "good backup was made 3 hours ago."},
      {damaged(backed_up(3h), "", {{"patients", 1204, {}}}), Health::Damaged,
       "Data may be lost: patients were 1204 and can no longer be counted. The last good backup "
       "was made 3 hours ago."},
  });
}

TEST_CASE("A run under way shows, but hides neither risk nor, for long, what needs attention") {
  const auto running = [](DatasetFacts facts, CurrentRun::Kind kind, seconds since,
                          std::optional<int> percent) {
    facts.current_run = CurrentRun{kind, kNow - since, percent};
    return facts;
  };
  using Kind = CurrentRun::Kind;
  const DatasetFacts failed = with(backed_up(days(3)), [](DatasetFacts& facts) {
    facts.last_run = LastRun{Outcome::Failed, kNow - 5min, "the disk is full"};
  });
  const DatasetFacts excluded =
      with(backed_up(3h), [](DatasetFacts& facts) { facts.cloud = Cloud::Excluded; });
  check({
      {running(backed_up(3h), Kind::Backup, 5s, 40), Health::Working,
       "Backing up now, 40%. Backed up 3 hours ago."},
      {running(backed_up(3h), Kind::Restore, 5s, {}), Health::Working,
       "Restoring now. Backed up 3 hours ago."},
      {running(backed_up(3h), Kind::Drill, 5s, 7), Health::Working,
       "Testing a restore now, 7%. Backed up 3 hours ago."},
      {running(backed_up(days(3)), Kind::Backup, 1h, 40), Health::Working,
       "Backing up now, 40%. Last backed up 3 days ago."},
      {running(backed_up(days(3)), Kind::Backup, 1h + 1s, 40), Health::Stale,
       "Last backed up 3 days ago. Backing up now, 40%."},
      {running(backed_up(days(3)), Kind::Backup, -days(1), 40), Health::Stale,
       "Last backed up 3 days ago. Backing up now, 40%."},
      {running(backed_up(days(3)), Kind::Drill, 5s, 40), Health::Stale,
       "Last backed up 3 days ago. Testing a restore now, 40%."},
      {running(excluded, Kind::Backup, 5s, 40), Health::Working,
       "Backing up now, 40%. Backed up 3 hours ago; the cloud program is set to leave it out."},
      {running(excluded, Kind::Restore, 5s, 40), Health::Waiting,
       "Backed up 3 hours ago; the cloud program is set to leave it out. Restoring now, 40%."},
      {running(failed, Kind::Backup, 5s, 40), Health::Failed,
       "Not backed up for 3 days: the disk is full. Backing up now, 40%."},
  });
}

TEST_CASE("A backup from the future makes nothing green") {
  const auto run_at = [](DatasetFacts facts, Outcome outcome, seconds ago) {
    facts.last_run = LastRun{outcome, kNow - ago, "the disk is full"};
    return facts;
  };
  const auto checked = [&](DatasetFacts facts, seconds ago) {
    facts.unchanged_at = kNow - ago;
    return run_at(std::move(facts), Outcome::Unchanged, ago);
  };
  constexpr auto kClock = "The computer's clock stands before the last backup; check the date.";
  check({
      {backed_up(-kClockTolerance), Health::Protected, "Backed up just now."},
      {backed_up(-kClockTolerance - 1s), Health::Stale, kClock},
      {backed_up(-days(300)), Health::Stale, kClock},
      // The clock was put back by days, over a run that was recorded since the backup.
      {run_at(backed_up(1h), Outcome::Cancelled, -days(2)), Health::Stale, kClock},
      {run_at(backed_up(1h), Outcome::Failed, -days(2)), Health::Failed,
       "The last backup failed: the disk is full. The computer's clock stands before an earlier "
       "one; check the date."},
      {run_at(backed_up(-days(2)), Outcome::Failed, 1h), Health::Failed,
       "The last backup failed: the disk is full. The computer's clock stands before an earlier "
       "one; check the date."},
      // What was checked since then under the clock as it stands is protected.
      {checked(backed_up(-days(2)), 1h), Health::Protected,
       "Backed up, unchanged when checked 1 hour ago."},
      {checked(backed_up(1h), -days(2)), Health::Stale, kClock},
      {with(backed_up(-days(2)),
            [](DatasetFacts& facts) {
              facts.current_run = CurrentRun{CurrentRun::Kind::Backup, kNow - 5s, {}};
            }),
       Health::Working,
       "Backing up now. The computer's clock stands before the last backup; check "
       "the date."},
  });
}

TEST_CASE("Whatever is recorded, no headline is empty and green needs a fresh, believed backup") {
  const std::optional<Time> times[] = {std::nullopt, kNow - days(9), kNow - 1h, kNow + days(9)};
  const Outcome outcomes[] = {Outcome::Verified, Outcome::Unchanged, Outcome::Failed,
                              Outcome::Cancelled};
  for (const auto& archived : times) {
    for (const auto& unchanged : times) {
      for (const auto& ran : times) {
        for (const Outcome outcome : outcomes) {
          DatasetFacts facts{.archived_at = archived, .unchanged_at = unchanged};
          if (ran) facts.last_run = LastRun{outcome, *ran, "the disk is full"};
          const DatasetHealth answer = dataset_health(facts, kNow);
          const bool believed =
              archived && (archived == kNow - 1h || unchanged == kNow - 1h) && ran != times[3];
          CAPTURE(answer.headline);
          CHECK((alert(answer.health) == Alert::Fine) == believed);
          CHECK(answer.headline.ends_with('.'));
        }
      }
    }
  }
}

}  // namespace
}  // namespace holdfast
