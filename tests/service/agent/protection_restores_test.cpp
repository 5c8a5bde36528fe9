#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "common/path_text.h"
#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

// A dataset with two backups, of 100 and of 110 patients, where there are 120 by now.
class RestoredDataset : public ProtectedDataset {
 public:
  RestoredDataset() {
    settle();
    for (const int patients : {100, 110}) {
      work.counts["patients"] = patients;
      back_up();
      archives_.push_back(newest());
    }
    work.counts["patients"] = 120;
    change_data();
  }

  void back_up() {
    pass(1min);
    change_data();
    protection->ask("emr", asked());
    settle();
  }
  RunReport restore(const std::string& archive) {
    clock.advance(1min);
    return ended(protection->ask_for_restore("emr", archive, false, "S-1-5-21-7"));
  }
  RunReport undo() {
    clock.advance(1min);
    return ended(protection->ask_for_undo("emr", "S-1-5-21-7").run);
  }
  const std::string& first() const { return archives_.at(0); }
  std::int64_t patients() const { return work.counts.at("patients"); }
  const ArchiveRecord& known(const std::string& file_name) const {
    for (const ArchiveRecord& archive : protection->archives("emr")) {
      if (archive.file_name == file_name) return archive;
    }
    throw std::logic_error("no archive " + file_name);
  }
  const Event& last(EventId id) const {
    return *std::ranges::find(events.events.rbegin(), events.events.rend(), id, &Event::id);
  }

 private:
  RunReport ended(RunTicket ticket) {
    settle();
    return protection->run(ticket);
  }

  std::vector<std::string> archives_;
};

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.line();
  }
  return {};
}

TEST_CASE_METHOD(RestoredDataset,
                 "A restore that was asked for keeps what was there, and says where") {
  const RunReport report = restore(first());
  CHECK(patients() == 100);
  CHECK(report.record.kind == RunKind::Restore);
  CHECK(report.record.outcome == RunOutcome::Verified);
  CHECK(report.record.source == first());
  CHECK(report.record.user == "S-1-5-21-7");
  const ArchiveRecord& safety = known(report.record.archive);
  CHECK(safety.kind == ArchiveName::Kind::Safety);
  CHECK(safety.check == ArchiveFacts::Check::Verified);
  CHECK(safety.counts.at("patients") == 120);
  const Event& event = last(EventId::RestoreFinished);
  CHECK(event.strings ==
        std::vector<std::string>{"The practice", first(), "S-1-5-21-7",
                                 std::string(kDestination) + "/" + safety.file_name});
}

TEST_CASE_METHOD(RestoredDataset, "What was restored is backed up as the newest state") {
  const auto before = archives();
  restore(first());
  CHECK(archives() == before + 2);
  CHECK(work.jobs.back().request.reason == "restore");
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(RestoredDataset, "Counts that a restore brought down ring no alarm") {
  work.counts["patients"] = 200;
  back_up();
  restore(first());
  CHECK(told(EventId::CountsDropped) == 0);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(RestoredDataset, "A restore ends the alarm of what was lost") {
  work.counts["patients"] = 3;
  back_up();
  REQUIRE(status().health == Health::Damaged);
  restore(first());
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(RestoredDataset,
                 "Undo takes the last restore back, and undo again takes back that") {
  restore(first());
  CHECK(undo().record.outcome == RunOutcome::Verified);
  CHECK(patients() == 120);
  CHECK(told(EventId::UndoFinished) == 1);
  undo();
  CHECK(patients() == 100);
}

TEST_CASE_METHOD(RestoredDataset, "Undo still works after a restart of the service") {
  restore(first());
  start();
  settle();
  undo();
  CHECK(patients() == 120);
}

TEST_CASE_METHOD(RestoredDataset, "Where there is nothing to take back, undo says so") {
  CHECK_THAT(error_of([&] { protection->ask_for_undo("emr", ""); }),
             ContainsSubstring("No restore of The practice is recorded."));
  work.can_archive_what_is_there = false;
  restore(first());
  CHECK_THAT(error_of([&] { protection->ask_for_undo("emr", ""); }),
             ContainsSubstring("cannot be undone") && ContainsSubstring("are kept in"));
}

TEST_CASE_METHOD(RestoredDataset, "A restore that failed is told once, and leaves undo as it was") {
  restore(first());
  work.in_restore = [] {
    throw Error(ErrorCode::DatabaseBusy, "It is in use by emr.exe (4242).", "Close it.");
  };
  const RunReport report = restore(first());
  CHECK(report.record.outcome == RunOutcome::Failed);
  CHECK(report.record.sentence == "It is in use by emr.exe (4242). Close it.");
  CHECK(told(EventId::RestoreFailed) == 1);
  work.in_restore = [] {};
  undo();
  CHECK(patients() == 120);
}

TEST_CASE_METHOD(RestoredDataset, "Only archives that are known can be restored") {
  CHECK_THAT(error_of([&] { protection->ask_for_restore("emr", "../evil.zip", false, ""); }),
             ContainsSubstring("There is no archive \"../evil.zip\" of emr."));
  CHECK(work.restores.empty());
}

TEST_CASE_METHOD(RestoredDataset,
                 "An archive that went before its restore began is said to be gone") {
  const RunTicket ticket = protection->ask_for_restore("emr", first(), false, "");
  work.disk[kDestination].erase(first());
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Failed);
}

TEST_CASE_METHOD(RestoredDataset, "Each restore is a run of its own, and they come one by one") {
  const RunTicket one = protection->ask_for_restore("emr", first(), false, "");
  const RunTicket other = protection->ask_for_restore("emr", first(), false, "");
  CHECK(one != other);
  settle();
  CHECK(work.restores.size() == 2);
}

TEST_CASE_METHOD(RestoredDataset, "A restore that waits or has just begun can be cancelled") {
  const RunTicket waits = protection->ask_for_restore("emr", first(), false, "");
  CHECK(protection->cancel(waits) == Protection::Cancelling::Done);
  CHECK(protection->run(waits).record.outcome == RunOutcome::Cancelled);
  const RunTicket runs = protection->ask_for_restore("emr", first(), false, "");
  work.before_restore = [&] { CHECK(protection->cancel(runs) == Protection::Cancelling::Asked); };
  settle();
  CHECK(protection->run(runs).record.outcome == RunOutcome::Cancelled);
  CHECK(patients() == 120);
  CHECK(told(EventId::RestoreFailed) == 0);
}

TEST_CASE_METHOD(RestoredDataset, "From the point of no return on a restore cannot be cancelled") {
  const RunTicket ticket = protection->ask_for_restore("emr", first(), false, "");
  int asked_in_time = 0;
  work.in_restore = [&] {
    workers.do_posted();
    CHECK_FALSE(protection->run(ticket).progress.can_be_cancelled);
    CHECK(protection->cancel(ticket) == Protection::Cancelling::TooLate);
    ++asked_in_time;
  };
  settle();
  CHECK(asked_in_time == 1);
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
}

TEST_CASE_METHOD(RestoredDataset, "Cancelling backups leaves a restore alone") {
  const RunTicket ticket = protection->ask_for_restore("emr", first(), false, "");
  CHECK_FALSE(protection->cancel_backups("emr"));
  settle();
  CHECK(protection->run(ticket).record.outcome == RunOutcome::Verified);
}

TEST_CASE_METHOD(RestoredDataset, "A preview is told of the archive that was asked for") {
  std::optional<PreviewOutcome> outcome;
  protection->preview("emr", first(), RowCounts::No,
                      [&](const PreviewOutcome& told) { outcome = told; });
  workers.do_all();
  REQUIRE(outcome);
  CHECK(outcome->told.at("archive") == first());
}

TEST_CASE_METHOD(RestoredDataset, "No more than a few previews are made at once") {
  const auto ask = [&] {
    protection->preview("emr", first(), RowCounts::No, [](const PreviewOutcome&) {});
  };
  for (int i = 0; i < 4; ++i) ask();
  CHECK_THAT(error_of(ask), ContainsSubstring("Too many archives"));
  workers.do_all();
  CHECK_NOTHROW(ask());
}

}  // namespace
}  // namespace holdfast
