#include <optional>
#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

class DrilledDataset : public ProtectedDataset {
 public:
  DrilledDataset() { restart(); }

  void restart() {
    EffectiveDataset weekly = dataset();
    weekly.dataset.drill_every = 7 * 24h;
    start({weekly});
  }
  void pass_days(int days) {
    for (int hour = 0; hour < 24 * days; hour += 4) {
      change_data();
      pass(4h);
    }
  }
  const ArchiveRecord& known(const std::string& file_name) const {
    for (const ArchiveRecord& archive : protection->archives("emr")) {
      if (archive.file_name == file_name) return archive;
    }
    throw std::logic_error("no archive " + file_name);
  }
};

TEST_CASE_METHOD(DrilledDataset, "The first archive is proven restorable, and that is told") {
  settle();
  pass(5min);
  REQUIRE(archives() == 1);
  CHECK(work.drilled == std::vector{newest()});
  CHECK(status().drilled_at == clock.now());
  CHECK(known(newest()).drilled_at == clock.now());
  CHECK(told(EventId::DrillPassed) == 1);
}

TEST_CASE_METHOD(DrilledDataset, "Every week the newest archive and an older one are tested") {
  pass_days(6);
  work.drilled.clear();
  pass_days(2);
  CHECK(work.drilled.size() == 2);
  CHECK(std::set(work.drilled.begin(), work.drilled.end()).size() == 2);
}

TEST_CASE_METHOD(DrilledDataset, "A restart of the service brings no drill before its time") {
  pass_days(1);
  const auto before = work.drilled;
  restart();
  pass_days(1);
  CHECK(work.drilled == before);
}

TEST_CASE_METHOD(DrilledDataset,
                 "An archive that cannot be restored counts as a backup no more, and is told of") {
  pass_days(1);
  work.broken_archives = {newest()};
  const std::string broken = newest();
  protection->ask_for_drill("emr", broken, "S-1-5-21-7");
  settle();
  CHECK(known(broken).check == ArchiveFacts::Check::Broken);
  CHECK_THAT(known(broken).fault, ContainsSubstring("cannot be restored"));
  CHECK(told(EventId::DrillFailed) == 1);
  const RunRecord run = protection->history({.kind = RunKind::Drill, .limit = 1}).at(0);
  CHECK(run.outcome == RunOutcome::Failed);
  CHECK(run.source == broken);
}

TEST_CASE_METHOD(DrilledDataset,
                 "A drill that fails for no fault of the archive is told, and gives up no backup") {
  work.drill_failure = Error(ErrorCode::ArchiveDamaged, "It was not read back as it was written.",
                             "Check the disk.");
  settle();
  pass(5min);
  CHECK(told(EventId::DrillFailed) == 1);
  CHECK(known(newest()).check == ArchiveFacts::Check::Verified);
  CHECK_FALSE(known(newest()).drilled_at);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(DrilledDataset, "A backup that somebody asks for does not wait for a drill") {
  settle();
  pass(5min);
  clock.advance(8 * 24h);
  protection->tick();
  workers.do_all();
  protection->tick();
  const RunTicket ticket = protection->ask("emr", asked());
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
  // It is done afterwards all the same.
  CHECK(work.drilled.size() >= 2);
}

TEST_CASE_METHOD(DrilledDataset, "A drill that was cancelled waits for its next time") {
  pass_days(1);
  work.drilled.clear();
  clock.advance(7 * 24h);
  change_data();
  const auto drill_under_way = [this] {
    for (RunTicket ticket = 1; ticket < 1000; ++ticket) {
      try {
        const RunReport run = protection->run(ticket);
        const bool is_drill = run.record.kind == RunKind::Drill;
        if (is_drill && run.state != RunReport::State::Ended) return ticket;
      } catch (const Error&) {  // none of that number any more
      }
    }
    return RunTicket{0};
  };
  for (int i = 0; i < 100 && drill_under_way() == 0; ++i) {
    protection->tick();
    if (drill_under_way() == 0 && workers.waiting() != 0) workers.do_one();
  }
  REQUIRE(drill_under_way() != 0);
  while (const RunTicket drill = drill_under_way()) {
    protection->cancel(drill);
    workers.do_all();
  }
  pass_days(5);
  CHECK(work.drilled.empty());
  pass_days(3);
  CHECK(work.drilled.size() == 2);
}

TEST_CASE_METHOD(DrilledDataset, "A drill that is asked for tests what is named") {
  pass_days(1);
  work.drilled.clear();
  const std::string oldest = work.disk[kDestination].begin()->first;
  const auto drills = protection->ask_for_drill("emr", oldest, "S-1-5-21-7");
  settle();
  REQUIRE(drills.size() == 1);
  CHECK(work.drilled == std::vector{oldest});
  CHECK(protection->run(drills.front().run).record.outcome == RunOutcome::Verified);
}

TEST_CASE_METHOD(DrilledDataset, "Without a backup there is nothing to test") {
  CHECK_THROWS_AS(protection->ask_for_drill("emr", "", "S-1-5-21-7"), Error);
}

}  // namespace
}  // namespace holdfast
