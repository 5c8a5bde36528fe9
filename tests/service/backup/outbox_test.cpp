#include "service/backup/outbox.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"
#include "service/archive/archive_reader.h"
#include "service/archive/verify_archive.h"
#include "service/backup/backup_run.h"
#include "tests/support/database.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_storage.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

struct Outbox {
  TemporaryFolder folder;
  std::filesystem::path outbox = folder.path() / "outbox";
  std::filesystem::path destination = folder.path() / "backups";
  FaultyStorage storage;
  FakeClock clock{time_from("2026-11-20T10:00:00Z")};

  Outbox() {
    make_database(folder.path() / "clinic.db",
                  "CREATE TABLE patient(a); INSERT INTO patient VALUES(1)");
  }

  std::string keep(const std::filesystem::path& in) {
    std::filesystem::create_directories(in);
    const BackupResult made = run_backup({.dataset = "emr",
                                          .database = folder.path() / "clinic.db",
                                          .destination = in,
                                          .host = "PC"},
                                         storage, clock, {}, {});
    clock.advance(1h);
    return path_text(made.archive.filename());
  }
  std::vector<std::string> names(const std::filesystem::path& in) {
    std::vector<std::string> all;
    for (const StoredEntry& entry : outbox_content(storage, in)) {
      all.push_back(path_text(entry.name));
    }
    return all;
  }
  Delivery deliver() { return deliver_outbox(storage, outbox, destination, {}); }
};

TEST_CASE_METHOD(Outbox, "What waits is delivered, proven there, and waits no more") {
  const std::vector<std::string> waiting{keep(outbox), keep(outbox)};
  const Delivery delivery = deliver();
  CHECK_FALSE(delivery.failure);
  CHECK(delivery.delivered == waiting);
  CHECK(names(outbox).empty());
  for (const std::string& name : waiting) {
    CHECK(verify_archive(ArchiveReader(storage, destination / name), {}, {}).is_good());
  }
}

TEST_CASE_METHOD(Outbox, "What cannot be delivered waits on, and leaves nothing half done") {
  const std::string name = keep(outbox);
  storage.before = [](const std::string& step) {
    if (step == "rename") throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some space.");
  };
  const Delivery delivery = deliver();
  REQUIRE(delivery.failure);
  CHECK(delivery.failure->code() == ErrorCode::DiskFull);
  CHECK(delivery.delivered.empty());
  CHECK(names(outbox) == std::vector{name});
  CHECK((!std::filesystem::exists(destination) || std::filesystem::is_empty(destination)));
}

TEST_CASE_METHOD(Outbox, "A damaged archive is not delivered") {
  const std::string name = keep(outbox);
  std::string bytes = file_content(outbox / name);
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  write_file(outbox / name, bytes);
  CHECK(deliver().failure);
  CHECK(names(destination).empty());
}

TEST_CASE_METHOD(Outbox, "A delivery that was broken off at its last step is brought to its end") {
  const std::string name = keep(outbox);
  std::filesystem::create_directories(destination);
  std::filesystem::copy_file(outbox / name, destination / name);
  CHECK(deliver().delivered == std::vector{name});
  CHECK(names(outbox).empty());
  CHECK(names(destination).size() == 1);
}

TEST_CASE_METHOD(Outbox, "Another archive of the same name is not replaced") {
  const std::string name = keep(outbox);
  std::filesystem::create_directories(destination);
  write_file(destination / name, "another");
  const std::vector<std::string> delivered = deliver().delivered;
  REQUIRE(delivered.size() == 1);
  CHECK(delivered.front() == "emr_20261120T100000Z_PC.2.zip");
  CHECK(file_content(destination / name) == "another");
}

TEST_CASE_METHOD(Outbox, "A damaged archive in the outbox keeps no other from being delivered") {
  const std::string damaged = keep(outbox);
  const std::string good = keep(outbox);
  std::string bytes = file_content(outbox / damaged);
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  SECTION("a bit of it is another") {
    write_file(outbox / damaged, bytes);
  }
  SECTION("it is no archive") {
    write_file(outbox / damaged, "no archive");
  }
  const Delivery delivery = deliver();
  CHECK(delivery.failure);
  CHECK(delivery.delivered == std::vector{good});
  CHECK(names(outbox) == std::vector{damaged});
  CHECK(names(destination) == std::vector{good});
}

TEST_CASE_METHOD(Outbox, "A destination that fails is not tried with each archive that waits") {
  const std::vector<std::string> waiting{keep(outbox), keep(outbox)};
  int tries = 0;
  storage.before = [&](const std::string& step) {
    if (step != "create") return;
    ++tries;
    throw Error(ErrorCode::DiskFull, "The disk is full.", "Free some space.");
  };
  CHECK(deliver().failure);
  CHECK(tries == 1);
  CHECK(names(outbox) == waiting);
}

TEST_CASE_METHOD(Outbox, "Only the newest few wait") {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i) {
    made.push_back(keep(outbox));
    thin_outbox(storage, outbox);
  }
  CHECK(names(outbox) == std::vector<std::string>(made.end() - kMostInOutbox, made.end()));
}

TEST_CASE_METHOD(Outbox, "The newest stays, however large it is") {
  keep(outbox);
  const std::string newest = keep(outbox);
  std::filesystem::resize_file(outbox / newest, kMostOutboxBytes + 1);
  thin_outbox(storage, outbox);
  CHECK(names(outbox) == std::vector{newest});
}

TEST_CASE_METHOD(Outbox, "What cannot be removed from an outbox now goes the next time") {
  std::vector<std::string> made;
  for (std::size_t i = 0; i <= kMostInOutbox; ++i) made.push_back(keep(outbox));
  storage.before = [](const std::string& step) {
    if (step == "remove") throw Error(ErrorCode::AccessDenied, "It is open elsewhere.", "");
  };
  CHECK_NOTHROW(thin_outbox(storage, outbox));
  CHECK(names(outbox) == made);
  storage.before = [](const std::string&) {};
  thin_outbox(storage, outbox);
  CHECK(names(outbox).size() == kMostInOutbox);
}

TEST_CASE_METHOD(Outbox, "An outbox leaves room for everything else on the disk") {
  storage.most_free_bytes = kOutboxLeavesFree + 999;
  try {
    expect_room_in_outbox(storage, outbox, 1000);
    FAIL("it found room");
  } catch (const Error& full) {
    CHECK(full.code() == ErrorCode::DiskFull);
  }
  storage.most_free_bytes = kOutboxLeavesFree + 1000;
  CHECK_NOTHROW(expect_room_in_outbox(storage, outbox, 1000));
}

TEST_CASE_METHOD(Outbox, "Where there is no outbox nothing waits") {
  CHECK(names(outbox).empty());
  CHECK(deliver().delivered.empty());
}

}  // namespace
}  // namespace holdfast
