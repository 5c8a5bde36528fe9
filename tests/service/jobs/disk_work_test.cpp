#include "service/jobs/disk_work.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/restore/restore_stage.h"
#include "tests/support/disk_job.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

TEST_CASE_METHOD(DiskJob, "An archive is made, and none when nothing changed since") {
  const BackupOutcome first = back_up();
  REQUIRE(first.made);
  remember(*first.made);
  const BackupOutcome second = back_up();
  CHECK_FALSE(second.made);
  CHECK_FALSE(second.failure);
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  CHECK(back_up().made);
}

TEST_CASE_METHOD(DiskJob, "An archive has moved when it is here and no longer where it was") {
  const std::filesystem::path made = back_up().made->archive;
  const std::string name = path_text(made.filename());
  const std::filesystem::path former = folder.path() / "former";
  const auto moved = [&] {
    return work
        .scan({.destination = job.request.destination,
               .dataset = "emr",
               .database_name = "clinic.db",
               .host = "PC",
               .elsewhere = {{name, former}}},
              {})
        .moved;
  };
  CHECK(moved() == std::vector{name});
  std::filesystem::create_directories(former);
  CHECK(moved() == std::vector{name});
  std::filesystem::copy_file(made, former / name);
  CHECK(moved().empty());
}

TEST_CASE_METHOD(DiskJob, "When the last archive is gone or another, a new one is made") {
  const BackupOutcome first = back_up();
  REQUIRE(first.made);
  remember(*first.made);
  job.last_archive->bytes += 1;
  CHECK(back_up().made);
  remember(*first.made);
  std::filesystem::remove(first.made->archive);
  CHECK(back_up().made);
}

TEST_CASE_METHOD(DiskJob, "What is only in the cloud by now is opened by no backup and no look") {
  const BackupOutcome first = back_up();
  REQUIRE(first.made);
  remember(*first.made);
  const ArchiveName unfinished{.dataset = "emr", .taken_at = clock.now(), .host = "PC"};
  const std::string rest = unfinished_name(unfinished);
  write_file(job.request.destination / rest, "half an archive");
  storage.only_in_cloud = {first.made->archive.filename(), rest};
  std::vector<std::string> opened;
  storage.before_open = [&](const std::filesystem::path& file) {
    if (storage.only_in_cloud.contains(file.filename())) opened.push_back(path_text(file));
  };
  const BackupOutcome second = back_up();
  CHECK_FALSE(second.made);
  CHECK_FALSE(second.failure);
  const ScanOutcome outcome = work.scan({.destination = job.request.destination,
                                         .dataset = "emr",
                                         .database_name = "clinic.db",
                                         .host = "PC"},
                                        {});
  REQUIRE(outcome.found.size() == 1);
  CHECK_FALSE(outcome.found[0].is_local);
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  CHECK(back_up().made);
  CHECK(opened.empty());
}

TEST_CASE_METHOD(DiskJob, "Copies that OneDrive made are compared for the service") {
  const std::string archive = path_text(back_up().made.value().archive.filename());
  const std::string copy = archive.substr(0, archive.size() - 4) + "-LAPTOP.zip";
  std::filesystem::copy_file(job.request.destination / archive, job.request.destination / copy);
  const std::vector<ConflictCopy> pair{{copy, archive, ConflictCopy::IfSame::IsSetAside}};
  const ComparedCopies outcome = work.set_aside(job.request.destination, pair, {});
  CHECK_FALSE(outcome.failure);
  CHECK(outcome.compared.at(0).is_aside);
  CHECK(work.set_aside(folder.path() / "gone", pair, {}).failure);
}

TEST_CASE_METHOD(DiskJob, "It is told apart whether the source or the destination is at fault") {
  write_file(folder.path() / "file", "in the way");
  job.request.destination = folder.path() / "file";
  const BackupOutcome outcome = back_up();
  REQUIRE(outcome.failure);
  CHECK(outcome.destination_failed);
  job.request.destination = folder.path() / "backups";
  job.request.database = folder.path() / "none.db";
  const BackupOutcome other = back_up();
  REQUIRE(other.failure);
  CHECK_FALSE(other.destination_failed);
  CHECK(other.failure->code() == ErrorCode::NotFound);
}

TEST_CASE_METHOD(DiskJob, "A look through the destination finds the archives and sweeps the rest") {
  const BackupOutcome made = back_up();
  REQUIRE(made.made);
  const ArchiveName unfinished{.dataset = "emr", .taken_at = clock.now(), .host = "PC"};
  write_file(job.request.destination / unfinished_name(unfinished), "half an archive");
  const ScanJob scan{.destination = job.request.destination,
                     .dataset = "emr",
                     .database_name = "clinic.db",
                     .host = "PC"};
  const ScanOutcome outcome = work.scan(scan, {});
  REQUIRE(outcome.found.size() == 1);
  CHECK(outcome.found[0].file_name == path_text(made.made->archive.filename()));
  CHECK(folder_content(job.request.destination).size() == 1);
}

TEST_CASE_METHOD(
    DiskJob,
    "A destination that was taken away is empty; one that cannot be reached tells nothing") {
  const ScanJob scan{.destination = folder.path() / "gone", .dataset = "emr", .host = "PC"};
  const ScanOutcome empty = work.scan(scan, {});
  CHECK(empty.found.empty());
  CHECK_FALSE(empty.failure);
  storage.before_measuring = [] {
    throw Error(ErrorCode::NotFound, "Cannot measure the free space of E:.", "Plug it in.");
  };
  CHECK(work.scan(scan, {}).failure);
}

// With an archive of one patient, and a second patient since.
struct Restored : DiskJob {
  RestoreRequest request{.target = {.database = job.request.database,
                                    .counts = {{"patients", "SELECT count(*) FROM patient"}}},
                         .safety = job.request};

  Restored() {
    job.request.counts = request.target.counts;
    request.safety.counts = request.target.counts;
    request.archive = back_up().made.value().archive;
    make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  }
  std::string patients() const {
    return ask(open_database(job.request.database).get(), "SELECT count(*) FROM patient");
  }
};

TEST_CASE_METHOD(Restored,
                 "An archive is restored for the service, and what was there is archived") {
  const RestoreOutcome outcome = work.restore(request, {}, {});
  REQUIRE(outcome.restored);
  CHECK(patients() == "1");
  CHECK(outcome.restored->saved.manifest.counts.at("patients") == 2);
  request.archive = outcome.restored->safety_archive;
  REQUIRE(work.restore(request, {}, {}).restored);
  CHECK(patients() == "2");
}

TEST_CASE_METHOD(Restored, "What a restore would change is told without changing it") {
  const PreviewOutcome outcome = work.preview(
      {.archive = request.archive, .target = request.target, .scratch = folder.path() / "scratch"},
      {});
  REQUIRE_FALSE(outcome.failure);
  CHECK(outcome.told.at("counts").at(0).at("archived") == 1);
  CHECK(outcome.told.at("counts").at(0).at("here") == 2);
  CHECK(patients() == "2");
}

TEST_CASE_METHOD(Restored, "A drill proves a good archive, and finds a broken one") {
  const DrillJob drill{.archive = request.archive,
                       .scratch = folder.path() / "scratch",
                       .counts = request.target.counts};
  CHECK_FALSE(work.drill(drill, {}, {}).failure);
  // That the query is another one by now says nothing of the archive.
  DrillJob counted_otherwise = drill;
  counted_otherwise.counts["patients"] = "SELECT 7";
  CHECK_FALSE(work.drill(counted_otherwise, {}, {}).failure);
  // Nor does a place that cannot be written to.
  DrillJob without_place = drill;
  without_place.scratch = request.archive / "scratch";
  const DrillOutcome unproven = work.drill(without_place, {}, {});
  CHECK(unproven.failure);
  CHECK(unproven.archive_fault.empty());
  std::string bytes = file_content(request.archive);
  bytes[bytes.size() / 3] = static_cast<char>(bytes[bytes.size() / 3] ^ 1);
  std::filesystem::remove(request.archive);
  write_file(request.archive, bytes);
  const DrillOutcome broken = work.drill(drill, {}, {});
  REQUIRE(broken.failure);
  CHECK(broken.failure->code() != ErrorCode::Internal);
  CHECK_FALSE(broken.archive_fault.empty());
}

TEST_CASE_METHOD(Restored, "No backup is made of what a restore left half done") {
  RestoreStage stage(storage, job.request.database);
  stage.begin();
  const BackupOutcome outcome = back_up();
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->code() == ErrorCode::DatabaseBusy);
}

TEST_CASE_METHOD(Restored, "What a restore left half done is brought to its end first") {
  {
    RestoreStage stage(storage, job.request.database);
    stage.begin();
    stage.write({});
  }
  CHECK(work.recover(job.request.database).recovery == Recovery::RolledBack);
  CHECK(work.recover(job.request.database).recovery == Recovery::Nothing);
  CHECK(back_up().made);
}

TEST_CASE_METHOD(DiskJob, "A database is told to be sound or damaged, and changed by neither") {
  CHECK(work.inspect(job.request.database, {}).damage.empty());
  make_database(job.request.database,
                "CREATE INDEX i ON patient(a); "
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
                "INSERT INTO patient SELECT i FROM n");
  std::string bytes = file_content(job.request.database);
  for (std::size_t i = 0; i < 200; ++i) bytes[bytes.size() / 2 + i] = '\x7f';
  std::filesystem::remove(job.request.database);
  write_file(job.request.database, bytes);
  CHECK_FALSE(work.inspect(job.request.database, {}).damage.empty());
  CHECK(file_content(job.request.database) == bytes);
  std::filesystem::remove(job.request.database);
  CHECK(work.inspect(job.request.database, {}).failure->code() == ErrorCode::NotFound);
}

TEST_CASE_METHOD(DiskJob,
                 "What was deleted, or was gone already, is told; what stays is a failure") {
  std::filesystem::create_directories(job.request.destination);
  write_file(job.request.destination / "a.zip", "a");
  write_file(job.request.destination / "b.zip", "b");
  storage.before = [removals = 0](const std::string& step) mutable {
    if (step == "remove" && ++removals == 2) {
      throw Error(ErrorCode::AccessDenied, "Cannot remove b.zip.", "Look who holds it.");
    }
  };
  const DeleteOutcome outcome = work.remove(job.request.destination, {"a.zip", "b.zip", "c.zip"});
  CHECK(outcome.deleted == std::vector<std::string>{"a.zip", "c.zip"});
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->code() == ErrorCode::AccessDenied);
}

TEST_CASE_METHOD(DiskJob,
                 "A check tells good archives from broken ones and from those it cannot read") {
  const auto archive = back_up().made->archive;
  REQUIRE(work.check(archive, {}).good);
  CHECK(work.check(archive, {}).good->dataset == "emr");
  std::string content = file_content(archive);
  content[content.size() / 3] ^= 1;
  write_file(archive, content);
  const CheckOutcome broken = work.check(archive, {});
  CHECK_FALSE(broken.good);
  CHECK_FALSE(broken.fault.empty());
  CHECK_FALSE(broken.failure);
  const CheckOutcome missing = work.check(folder.path() / "none.zip", {});
  CHECK(missing.fault.empty());
  REQUIRE(missing.failure);
  CHECK(missing.failure->code() == ErrorCode::NotFound);
}

TEST_CASE_METHOD(DiskJob, "Without its destination the archive is made in the outbox") {
  write_file(folder.path() / "drive", "that is no folder now");
  job.request.destination = folder.path() / "drive" / "backups";
  job.outbox = folder.path() / "outbox";
  const BackupOutcome away = back_up();
  REQUIRE(away.failure);
  CHECK(away.destination_failed);
  CHECK(away.is_in_outbox);
  REQUIRE(away.made);
  CHECK(away.made->archive.parent_path() == job.outbox);
  // The same data is not made twice.
  job.outbox_mark = away.made->change_mark;
  const BackupOutcome again = back_up();
  CHECK(again.is_in_outbox);
  CHECK_FALSE(again.made);

  const Delivery delivery = work.deliver(job.outbox, folder.path() / "backups", {});
  CHECK_FALSE(delivery.failure);
  CHECK(delivery.delivered == std::vector{path_text(away.made->archive.filename())});
}

TEST_CASE_METHOD(DiskJob,
                 "What is wrong with the database is told, wherever the archive would go") {
  job.request.destination = "";
  job.lost_destination = "There is no OneDrive.";
  job.outbox = folder.path() / "outbox";
  job.request.database = folder.path() / "none.db";
  const BackupOutcome outcome = back_up();
  REQUIRE(outcome.failure);
  CHECK(outcome.failure->code() == ErrorCode::NotFound);
  CHECK_FALSE(outcome.destination_failed);
  CHECK_FALSE(outcome.is_in_outbox);
}

TEST_CASE_METHOD(DiskJob,
                 "Where OneDrive was lost, archives go on to its folder as long as it is there") {
  job.lost_destination = "Nobody is signed in to OneDrive.";
  job.outbox = folder.path() / "outbox";
  std::filesystem::create_directories(job.request.destination);
  CHECK(back_up().made->archive.parent_path() == job.request.destination);
  std::filesystem::remove_all(job.request.destination);
  const BackupOutcome outcome = back_up();
  CHECK(outcome.is_in_outbox);
  CHECK(std::string(outcome.failure->what()) == "Nobody is signed in to OneDrive.");
  CHECK_FALSE(std::filesystem::exists(job.request.destination));
}

TEST_CASE_METHOD(DiskJob, "A run that fails takes no waiting archive away") {
  job.lost_destination = "Nobody is signed in to OneDrive.";
  job.outbox = folder.path() / "outbox";
  job.request.retries = 0;
  const auto waiting = [&] { return outbox_content(storage, job.outbox).size(); };
  for (std::size_t i = 0; i < kMostInOutbox; ++i) {
    make_database(job.request.database, "INSERT INTO patient VALUES(2)");
    REQUIRE(back_up().made);
    clock.advance(1h);
  }
  REQUIRE(waiting() == kMostInOutbox);
  const std::string sound = file_content(job.request.database);
  write_file(job.request.database, "no database any more");
  CHECK(back_up().failure);
  CHECK(waiting() == kMostInOutbox);
  write_file(job.request.database, sound);
  CHECK(back_up().made);
  CHECK(waiting() == kMostInOutbox);
}

}  // namespace
}  // namespace holdfast
