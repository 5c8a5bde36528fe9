#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/jobs/user_work.h"
#include "service/platform/path_limits.h"
#include "service/triggers/query_watch.h"
#include "tests/support/disk_job.h"
#include "tests/support/folder_link.h"

namespace holdfast {
namespace {

// What the service does for the machine's datasets. Beside them is a folder where others cannot
// write, and to which a link may lead.
struct ForTheMachine : DiskJob {
  std::shared_ptr<const UserRights> rights =
      std::make_shared<ServiceRights>(PathLimits{.profiles = folder.path() / "users"});
  UserWork service{work, rights};
  std::filesystem::path secret = folder.path() / "secret";

  ForTheMachine() { std::filesystem::create_directories(secret); }

  // In the place of a folder, which is kept beside it.
  void put_link_at(const std::filesystem::path& place) const {
    if (std::filesystem::exists(place)) {
      std::filesystem::path aside = place;
      std::filesystem::rename(place, aside += ".aside");
    }
    if (!make_folder_link(secret, place)) SKIP("This system makes no such links.");
  }
  static bool is_of_links(const std::optional<Error>& failure) {
    return failure && failure->code() == ErrorCode::AccessDenied &&
           std::string(failure->what()).find("is a link") != std::string::npos;
  }
  ScanJob scan_job() const {
    return {.destination = job.request.destination,
            .dataset = "emr",
            .database_name = "clinic.db",
            .host = "PC"};
  }
};

TEST_CASE_METHOD(ForTheMachine, "The service does all of its work within its limits") {
  const BackupOutcome made = service.back_up(job, {}, {});
  REQUIRE(made.made);
  const std::filesystem::path archive = made.made->archive;
  CHECK(service.scan(scan_job(), {}).found.size() == 1);
  CHECK(service.check(archive, {}).good);
  CHECK_FALSE(
      service.drill({.archive = archive, .scratch = folder.path() / "scratch"}, {}, {}).failure);
  CHECK_FALSE(
      service.preview({.archive = archive, .target = {.database = job.request.database}}, {})
          .failure);
  CHECK_FALSE(service.inspect(job.request.database, {}).failure);
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  const RestoreOutcome restored = service.restore(
      {.archive = archive, .target = {.database = job.request.database}, .safety = job.request}, {},
      {});
  CHECK(restored.restored);
  CHECK_FALSE(service.recover(job.request.database).failure);
  CHECK(service.remove(job.request.destination, {path_text(archive.filename())}).deleted.size() ==
        1);
}

TEST_CASE_METHOD(ForTheMachine, "A destination that was made a link gets no archive") {
  REQUIRE(service.back_up(job, {}, {}).made);
  put_link_at(job.request.destination);
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  const BackupOutcome outcome = service.back_up(job, {}, {});
  CHECK(is_of_links(outcome.failure));
  CHECK(outcome.destination_failed);
  CHECK(std::filesystem::is_empty(secret));
  // What the link leads to is neither looked through nor cleared away.
  write_file(secret / "emr_20261120T100000Z_PC.zip", "of somebody else's");
  CHECK(is_of_links(service.scan(scan_job(), {}).failure));
  CHECK(is_of_links(
      service.remove(job.request.destination, {"emr_20261120T100000Z_PC.zip"}).failure));
  CHECK(std::filesystem::exists(secret / "emr_20261120T100000Z_PC.zip"));
}

TEST_CASE_METHOD(ForTheMachine, "A folder above the destination that was made a link is told too") {
  job.request.destination = folder.path() / "above" / "backups";
  REQUIRE(service.back_up(job, {}, {}).made);
  put_link_at(folder.path() / "above");
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  CHECK(is_of_links(service.back_up(job, {}, {}).failure));
  CHECK(std::filesystem::is_empty(secret));
}

TEST_CASE_METHOD(ForTheMachine, "A database behind a link is neither read nor restored") {
  job.request.database = folder.path() / "app" / "clinic.db";
  std::filesystem::create_directories(folder.path() / "app");
  make_database(job.request.database, "CREATE TABLE patient(a)");
  const BackupOutcome made = service.back_up(job, {}, {});
  REQUIRE(made.made);
  put_link_at(folder.path() / "app");
  make_database(secret / "clinic.db", "CREATE TABLE of_another(a)");
  const std::string before = file_content(secret / "clinic.db");
  CHECK(is_of_links(service.back_up(job, {}, {}).failure));
  CHECK(is_of_links(service.inspect(job.request.database, {}).failure));
  CHECK(is_of_links(service
                        .restore({.archive = made.made->archive,
                                  .target = {.database = job.request.database},
                                  .safety = job.request,
                                  .foreign = ForeignArchive::Accepted},
                                 {}, {})
                        .failure));
  const SystemClock now;
  QueryWatch watch(job.request.database, "SELECT count(*) FROM of_another", now);
  const ActingAs acting(rights.get());
  CHECK(watch.poll().fault.find("is a link") != std::string::npos);
  CHECK(file_content(secret / "clinic.db") == before);
  CHECK(folder_content(secret).size() == 1);
}

TEST_CASE_METHOD(ForTheMachine, "Side files are restored into no folder that was made a link") {
  job.request.database = folder.path() / "app" / "clinic.db";
  job.request.include = {"photos/**"};
  std::filesystem::create_directories(folder.path() / "app" / "photos");
  make_database(job.request.database, "CREATE TABLE patient(a)");
  write_file(folder.path() / "app" / "photos" / "a.jpg", "as it was");
  const BackupOutcome made = service.back_up(job, {}, {});
  REQUIRE(made.made);
  put_link_at(folder.path() / "app" / "photos");
  const RestoreOutcome outcome =
      service.restore({.archive = made.made->archive,
                       .target = {.database = job.request.database, .include = job.request.include},
                       .safety = job.request},
                      {}, {});
  CHECK(outcome.failure);
  CHECK(std::filesystem::is_empty(secret));
}

TEST_CASE_METHOD(ForTheMachine,
                 "A folder that becomes a link while the service works gets nothing") {
  if (!make_folder_link(secret, folder.path() / "probe")) SKIP("This system makes no such links.");
  bool is_swapped = false;
  storage.before = [&](const std::string& step) {
    if (step != "create" || std::exchange(is_swapped, true)) return;
    std::filesystem::remove_all(job.request.destination);
    make_folder_link(secret, job.request.destination);
  };
  const BackupOutcome outcome = service.back_up(job, {}, {});
  CHECK(is_swapped);
  CHECK(is_of_links(outcome.failure));
  CHECK(std::filesystem::is_empty(secret));
}

TEST_CASE_METHOD(ForTheMachine,
                 "An outbox that was made a link keeps nothing and delivers nothing") {
  job.outbox = folder.path() / "outbox";
  job.lost_destination = "The drive is away.";
  put_link_at(job.outbox);
  const BackupOutcome outcome = service.back_up(job, {}, {});
  CHECK_FALSE(outcome.is_in_outbox);
  CHECK(outcome.failure);
  CHECK(std::filesystem::is_empty(secret));
  CHECK(is_of_links(service.deliver(job.outbox, folder.path() / "backups", {}).failure));
}

TEST_CASE_METHOD(ForTheMachine, "What is a user's is not touched with the service's own rights") {
  job.request.database = folder.path() / "users" / "anna" / "notes.db";
  std::filesystem::create_directories(job.request.database.parent_path());
  make_database(job.request.database, "CREATE TABLE note(a)");
  const BackupOutcome outcome = service.back_up(job, {}, {});
  REQUIRE(outcome.failure);
  CHECK(std::string(outcome.failure->what()).find("it is a user's") != std::string::npos);
  job.request.database = folder.path() / "clinic.db";
  job.request.destination = folder.path() / "users" / "anna" / "OneDrive";
  CHECK(service.back_up(job, {}, {}).failure->code() == ErrorCode::AccessDenied);
  CHECK_FALSE(std::filesystem::exists(job.request.destination));
  job.request.destination = folder.path() / "users" / "Public" / "backups";
  CHECK(service.back_up(job, {}, {}).made);
}

}  // namespace
}  // namespace holdfast
