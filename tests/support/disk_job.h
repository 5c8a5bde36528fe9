#pragma once

#include <filesystem>

#include "service/jobs/disk_work.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {

// A backup of one patient's database on a real disk, for all that is done with it.
struct DiskJob {
  TemporaryFolder folder;
  FaultyStorage storage;
  // Later than whatever the disk says of when the files were changed.
  FakeClock clock{SystemClock().now() + std::chrono::hours(1)};
  FakeTimeZone zone{std::chrono::seconds(0)};
  SystemCloudFiles cloud;
  DiskWork work{storage, clock, zone, cloud};
  BackupJob job{.request = {.dataset = "emr",
                            .database = folder.path() / "clinic.db",
                            .destination = folder.path() / "backups",
                            .host = "PC"}};

  DiskJob() {
    make_database(job.request.database, "CREATE TABLE patient(a); INSERT INTO patient VALUES(1)");
  }

  BackupOutcome back_up() { return work.back_up(job, {}, {}); }
  // As the agent asks when it knows this archive.
  void remember(const BackupResult& made) {
    job.last_archive = {
        .change_mark = made.change_mark, .file = made.archive, .bytes = made.archive_bytes};
  }
};

}  // namespace holdfast
