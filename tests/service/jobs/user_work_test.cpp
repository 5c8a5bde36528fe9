#include "service/jobs/user_work.h"

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <sys/stat.h>

#include "common/path_text.h"
#include "service/jobs/disk_work.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/faulty_vfs.h"
#include "tests/support/posix_user.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

constexpr uid_t kAnna = 54321;
constexpr uid_t kService = 54322;  // which may do as little with what is Anna's as anybody

uid_t owner_of(const std::filesystem::path& path) {
  struct stat told {};
  return ::stat(path.c_str(), &told) == 0 ? told.st_uid : 0;
}

// What a service does for Anna, whose folder nobody else can look into. It counts what is opened
// with any other rights than hers.
struct ForAnna {
  TemporaryFolder folder;
  std::filesystem::path home = folder.path() / "anna";
  FaultyStorage storage;
  FakeClock clock{SystemClock().now() + 1h};
  FakeTimeZone zone{0s};
  SystemCloudFiles cloud;
  DiskWork disk{storage, clock, zone, cloud};
  std::shared_ptr<const PosixUser> anna = std::make_shared<PosixUser>(kAnna, kService);
  UserWork work{disk, anna};
  int opened_as_another = 0;
  FaultyVfs vfs{[this] { return note(SQLITE_OK); }};
  BackupJob job{.request = {.dataset = "notes",
                            .database = home / "notes.db",
                            .destination = home / "backups",
                            .include = {"attachments/**"},
                            .host = "PC"}};

  ForAnna() {
    // What is open already asks for no more rights.
    storage.before = [this](const std::string& step) {
      if (step != "write" && step != "flush") note(0);
    };
    storage.before_open = [this](const std::filesystem::path&) { note(0); };
    vfs.before_open = [this] { note(0); };
  }

  int note(int result) {
    if (acting_as() != anna.get()) ++opened_as_another;
    return result;
  }

  // On a thread which has the service's rights, as far as it has any on files.
  void run(const std::function<void()>& what) const {
    std::filesystem::create_directories(home);
    REQUIRE(::chown(home.c_str(), kAnna, kAnna) == 0);
    REQUIRE(::chmod(home.c_str(), 0700) == 0);
    std::thread([&] {
      have_rights_of(kService);
      what();
    }).join();
  }

  // As Anna's application does.
  void write(const std::string& sql) {
    const ActingAs acting(anna.get());
    make_database(job.request.database, sql);
    std::filesystem::create_directories(home / "attachments");
    write_file(home / "attachments" / "photo.jpg", "of the garden");
  }
};

void skip_unless_root() {
  if (::geteuid() != 0) SKIP("only root can act for another user");
}

TEST_CASE("All that is done for a user is done with that user's rights alone") {
  skip_unless_root();
  const std::string mode = GENERATE("wal", "delete");
  CAPTURE(mode);
  ForAnna service;
  service.run([&] {
    service.write("PRAGMA journal_mode = " + mode +
                  "; CREATE TABLE note(a); INSERT INTO note VALUES('milk')");
    service.opened_as_another = 0;
    const BackupJob& job = service.job;
    const BackupOutcome made = service.work.back_up(job, {}, {});
    REQUIRE(made.made);
    const std::filesystem::path archive = made.made->archive;
    const ScanOutcome scan = service.work.scan({.destination = job.request.destination,
                                                .dataset = "notes",
                                                .database_name = "notes.db",
                                                .host = "PC"},
                                               {});
    CHECK(scan.found.size() == 1);
    CHECK(service.work.check(archive, {}).good);
    CHECK_FALSE(
        service.work.drill({.archive = archive, .scratch = service.home / "scratch"}, {}, {})
            .failure);
    CHECK_FALSE(
        service.work.preview({.archive = archive, .target = {.database = job.request.database}}, {})
            .failure);
    CHECK_FALSE(service.work.inspect(job.request.database, {}).failure);
    CHECK_FALSE(service.work.recover(job.request.database).failure);
    const RestoreOutcome restored = service.work.restore(
        {.archive = archive,
         .target = {.database = job.request.database, .include = job.request.include},
         .safety = job.request},
        {}, {});
    CHECK_FALSE(restored.failure);
    CHECK(service.work
              .look_at_cloud({.destination = job.request.destination,
                              .archives = {{.file_name = path_text(archive.filename()),
                                            .track = begun_track(service.clock.now())}}},
                             {})
              .tracks.size() == 1);
    CHECK_FALSE(service.work.set_aside(job.request.destination, {}, {}).failure);
    CHECK(service.work.remove(job.request.destination, {path_text(archive.filename())})
              .deleted.size() == 1);
    BackupJob without_destination = job;
    without_destination.lost_destination = "OneDrive is away.";
    without_destination.request.destination.clear();
    without_destination.outbox = service.home / "outbox";
    CHECK(service.work.back_up(without_destination, {}, {}).is_in_outbox);
    CHECK(service.work.deliver(without_destination.outbox, job.request.destination, {})
              .delivered.size() == 1);
  });
  CHECK(service.opened_as_another == 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(service.home)) {
    CAPTURE(entry.path());
    CHECK(owner_of(entry.path()) == kAnna);
  }
}

TEST_CASE("What a user may not read is not backed up for that user") {
  skip_unless_root();
  ForAnna service;
  service.job.request.database = service.folder.path() / "others.db";
  make_database(service.job.request.database, "CREATE TABLE secret(a)");
  REQUIRE(::chmod(service.job.request.database.c_str(), 0600) == 0);
  service.run([&] {
    const BackupOutcome outcome = service.work.back_up(service.job, {}, {});
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code() == ErrorCode::AccessDenied);
  });
}

TEST_CASE("Nothing is written for a user where that user may not write") {
  skip_unless_root();
  ForAnna service;
  service.job.request.destination = service.folder.path() / "others" / "backups";
  std::filesystem::create_directories(service.folder.path() / "others");
  service.run([&] {
    service.write("CREATE TABLE note(a)");
    const BackupOutcome outcome = service.work.back_up(service.job, {}, {});
    REQUIRE(outcome.failure);
    CHECK(outcome.failure->code() == ErrorCode::AccessDenied);
    CHECK(outcome.destination_failed);
  });
  CHECK(std::filesystem::is_empty(service.folder.path() / "others"));
}

class LostRights final : public UserRights {
  void take_on() const override {
    throw Error(ErrorCode::AccessDenied, "The user is gone.", "Sign in again.");
  }
  void lay_down() const noexcept override {}
};

TEST_CASE("Nothing is done for a user whose rights are gone") {
  ForAnna service;
  UserWork work(service.disk, std::make_shared<LostRights>());
  make_database(service.folder.path() / "clinic.db", "CREATE TABLE t(a)");
  service.job.request.database = service.folder.path() / "clinic.db";
  const BackupOutcome outcome = work.back_up(service.job, {}, {});
  REQUIRE(outcome.failure);
  CHECK(std::string(outcome.failure->what()) == "The user is gone.");
  CHECK_FALSE(std::filesystem::exists(service.job.request.destination));
  CHECK(acting_as() == nullptr);
}

TEST_CASE("Whoever acts for one user does not act for another by the way") {
  const LostRights other;
  const std::shared_ptr<const UserRights> nobody;
  const ActingAs none(nobody.get());
  CHECK(acting_as() == nullptr);
  CHECK_THROWS_AS(ActingAs(&other), Error);
  CHECK(acting_as() == nullptr);
}

}  // namespace
}  // namespace holdfast
