#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

// With one good backup; the service was restarted since.
class RestartedDataset : public ProtectedDataset {
 public:
  RestartedDataset() {
    settle();
    pass(5min);
    work.inspections = 0;
  }
  std::string damage_told() const {
    for (const Event& event : events.events) {
      if (event.id == EventId::DatabaseDamaged) return event.strings.at(1);
    }
    return {};
  }
};

TEST_CASE_METHOD(RestartedDataset, "At its start the service looks whether a database is sound") {
  start();
  settle();
  CHECK(work.inspections == 1);
  CHECK(status().health == Health::Protected);
  CHECK(status().restore_with.empty());
}

TEST_CASE_METHOD(RestartedDataset,
                 "Damage at the start is told, with the archive that brings the data back") {
  work.damage = "Tree 3 page 7: btreeInitPage() returns error code 11\nand more";
  start();
  settle();
  CHECK(status().health == Health::Damaged);
  CHECK(status().restore_with == newest());
  CHECK(told(EventId::DatabaseDamaged) == 1);
  CHECK_THAT(damage_told(), ContainsSubstring("clinic.db is damaged: Tree 3 page 7") &&
                                ContainsSubstring("holdfast restore " + newest()) &&
                                !ContainsSubstring("and more"));
  CHECK(told(EventId::RetentionHeldBack) == 1);
}

TEST_CASE_METHOD(RestartedDataset, "What is no database any more is damaged, if it was one") {
  work.inspection_failure = Error(ErrorCode::NotADatabase, "clinic.db is no database.", "");
  start();
  settle();
  CHECK(status().health == Health::Damaged);
}

TEST_CASE_METHOD(ProtectedDataset, "What never was a database is not called damaged") {
  work.inspection_failure = Error(ErrorCode::NotADatabase, "clinic.db is no database.", "");
  settle();
  CHECK(status().health != Health::Damaged);
}

TEST_CASE_METHOD(RestartedDataset, "A database that cannot be looked at is not called damaged") {
  work.inspection_failure = Error(ErrorCode::DatabaseBusy, "clinic.db is locked.", "");
  start();
  settle();
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(RestartedDataset, "A restore ends the damage") {
  work.damage = "page 7";
  start();
  settle();
  work.damage.clear();
  protection->ask_for_restore("emr", newest(), false, "");
  settle();
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(RestartedDataset,
                 "After a run that failed the database is looked at, not all the time") {
  work.before_backup = [](const BackupJob&) {
    throw Error(ErrorCode::DatabaseBusy, "clinic.db is locked.", "Close it.");
  };
  start();
  settle();
  pass(4h);
  const int after_first = work.inspections;
  CHECK(after_first >= 1);
  for (int i = 0; i < 10; ++i) pass(5min);
  CHECK(work.inspections <= after_first + 1);
}

TEST_CASE_METHOD(RestartedDataset,
                 "A database of which no backup is made is looked at once a week") {
  start();
  settle();
  work.inspections = 0;
  work.before_backup = [](const BackupJob&) {};
  // Nothing changes, and the weekly archive fails for the destination's sake.
  protection->use({});
  EffectiveDataset by_hand = dataset();
  by_hand.dataset.schedule = Every{365 * 24h};
  protection->use({by_hand});
  settle();
  work.inspections = 0;
  for (int day = 0; day < 15; ++day) pass(24h);
  CHECK(work.inspections == 2);
}

TEST_CASE_METHOD(RestartedDataset,
                 "A restore that was broken off is brought to its end, and told") {
  work.recovery = Recovery::RolledBack;
  start();
  settle();
  REQUIRE(told(EventId::RestoreRecovered) == 1);
  CHECK(events.events.back().id != EventId::DatabaseDamaged);
}

TEST_CASE_METHOD(RestartedDataset,
                 "What cannot be brought to its end now is tried again within minutes") {
  work.recovery_failure = Error(ErrorCode::DatabaseBusy, "clinic.db is locked.", "");
  start();
  settle();
  CHECK(work.inspections == 0);
  work.recovery_failure.reset();
  pass(2min);
  CHECK(work.inspections == 1);
}

}  // namespace
}  // namespace holdfast
