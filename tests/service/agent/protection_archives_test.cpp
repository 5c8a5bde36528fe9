#include <algorithm>
#include <filesystem>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "tests/support/database.h"
#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE_METHOD(ProtectedDataset, "An archive that was taken away makes nothing look unchanged") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "What was found unchanged since an archive that is gone proves nothing") {
  pass(10min);
  change_data();
  pass(4h);
  pass(20h);
  REQUIRE(outcomes().front() == RunOutcome::Unchanged);
  work.disk[kDestination].erase(newest());
  pass(1h);
  CHECK(status().health == Health::Stale);
}

TEST_CASE_METHOD(ProtectedDataset, "Retention follows each backup") {
  for (int i = 0; i < 6; ++i) {
    change_data();
    pass(4h);
  }
  CHECK(archives() == 3);
  CHECK(work.removed.size() == 3);
  CHECK(std::ranges::is_sorted(work.removed));
}

TEST_CASE_METHOD(ProtectedDataset,
                 "Nothing is deleted in the place of archives that somebody took away") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "A damaged database raises the alarm, and retention waits for its end") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "Dropped counts ring until they are back, and hold retention back") {
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

TEST_CASE_METHOD(ProtectedDataset,
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

TEST_CASE_METHOD(ProtectedDataset,
                 "When the newest archive found is broken, the next one is checked") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "An archive that was made but not recorded is not taken for an old one") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "An archive that a clock set ahead has dated is no newer than one made after it") {
  clock.advance(26h);
  pass(10min);
  clock.advance(-26h);
  // Nobody knows any more which of them was made first.
  protection.reset();
  std::filesystem::remove(folder.path() / "catalog.db");
  start();
  change_data();
  pass(4h);
  REQUIRE(archives() == 2);
  const std::string made_last = work.disk[kDestination].begin()->first;
  work.before_backup = [](const BackupJob&) { throw Error(ErrorCode::DiskFull, "Full.", ""); };
  pass(25h);
  CHECK(protection->datasets().at("emr").archives.front().file_name == made_last);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "Backups go on while the catalog is locked, and are recorded later") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "Backups are made without any catalog, and known once there is one") {
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

TEST_CASE_METHOD(ProtectedDataset,
                 "What is remembered of the runs is what the catalog says of them") {
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

TEST_CASE_METHOD(ProtectedDataset, "What retention would do is told for every archive") {
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

TEST_CASE_METHOD(ProtectedDataset, "What is found in one folder says nothing of another") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  EffectiveDataset moved = dataset();
  moved.dataset.destination = FolderDestination{"/elsewhere"};
  protection->use({moved});
  protection->tick();
  protection->use({dataset()});
  workers.do_one();
  CHECK(status().health == Health::Protected);
  CHECK(protection->datasets().at("emr").archives.size() == 3);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "Another destination leaves the archives of the former one there, and listed") {
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  EffectiveDataset moved = dataset();
  moved.dataset.destination = FolderDestination{"/elsewhere"};
  moved.dataset.keep.last = 1;
  protection->use({moved});
  for (int i = 0; i < 3; ++i) {
    change_data();
    pass(4h);
  }
  const auto& listed = protection->datasets().at("emr").archives;
  const auto in = [&listed](const std::filesystem::path& destination) {
    return std::ranges::count_if(listed, [&](const ArchiveRecord& archive) {
      return text_path(archive.destination) == destination;
    });
  };
  CHECK(in("/backups") == 3);
  CHECK(archives() == 3);
  CHECK(in("/elsewhere") == 1);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(ProtectedDataset, "It does not matter how the destination is written") {
  EffectiveDataset written = dataset();
  written.dataset.destination = FolderDestination{"/./backups//"};
  start({written});
  pass(10min);
  CHECK(archives() == 1);
  CHECK(status().health == Health::Protected);
  start();
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "Numbers that fell on purpose can be accepted, which ends the alarm") {
  pass(10min);
  CHECK_THROWS_AS(protection->accept_counts("emr", "anna"), Error);
  work.counts = {{"patients", 50}};
  for (int i = 0; i < 5; ++i) {
    change_data();
    pass(4h);
  }
  REQUIRE(status().health == Health::Damaged);
  CHECK(protection->accept_counts("emr", "anna") == work.counts);
  settle();
  CHECK(status().health == Health::Protected);
  CHECK(told(EventId::CountsAccepted) == 1);
  CHECK(archives() == 3);
  start();
  work.counts = {{"patients", 49}};
  change_data();
  pass(4h);
  CHECK(status().health == Health::Protected);
  work.counts = {{"patients", 10}};
  change_data();
  pass(4h);
  CHECK(status().health == Health::Damaged);
}

TEST_CASE_METHOD(ProtectedDataset,
                 "While the destination is away backups are kept, and delivered when it is back") {
  work.destination_failure = Error(ErrorCode::NotFound, "There is no E:.", "Connect the drive.");
  work.scan_failure = work.destination_failure;
  const RunTicket away = protection->ask("emr", asked());
  settle();
  CHECK(protection->run(away).record.outcome == RunOutcome::Failed);
  CHECK(protection->run(away).record.sentence ==
        "There is no E:. The backup was made, and is kept on this computer until it can be "
        "delivered. Connect the drive.");
  CHECK(status().health == Health::Failed);
  CHECK(told(EventId::BackupVerified) == 0);
  // What has not changed is not kept twice.
  for (int i = 0; i < 5; ++i) pass(1h);
  CHECK(work.disk[folder.path() / "outbox" / "emr"].size() == 1);
  CHECK(told(EventId::DestinationNotReachable) == 1);

  work.destination_failure.reset();
  work.scan_failure.reset();
  pass(1h);
  settle();
  CHECK(work.disk[folder.path() / "outbox" / "emr"].empty());
  CHECK(archives() == 1);
  CHECK(status().health == Health::Protected);
  for (const ArchiveRecord& archive : protection->archives("emr")) {
    CHECK(archive.check == ArchiveFacts::Check::Verified);
  }
}

}  // namespace
}  // namespace holdfast
