#include <algorithm>
#include <chrono>
#include <memory>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "service/archive/archive_name.h"
#include "service/catalog/catalog.h"
#include "service/platform/path_limits.h"
#include "tests/support/protected_dataset.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Account = TraySignals::Account;

constexpr const char* kAnna = "S-1-5-21-1";

struct CloudDataset : ProtectedDataset {
  CloudDataset() { protect(); }

  static EffectiveDataset to_one_drive() {
    EffectiveDataset emr = dataset();
    emr.dataset.destination = OneDriveDestination{.folder = "Backups", .account = ""};
    return emr;
  }
  PresentUser anna() const {
    return {.user = {.sid = kAnna, .name = "anna", .folders = {{"localappdata", "/home/anna"}}},
            .one_drive = {.sid = kAnna,
                          .is_installed = true,
                          .accounts = {{.key = "Personal", .folder = root, .email = "anna@x.org"}},
                          .sync_roots = {},
                          .environment = {},
                          .default_folders = {}},
            .roots = {{.account = "personal", .email = "anna@x.org", .folder = root}}};
  }
  void protect() { protection->use({to_one_drive()}, {anna()}); }
  void back_up() {
    change_data();
    protection->ask("emr@S-1-5-21-1", asked());
    settle();
  }
  void upload() {
    work.cloud.answer = CloudFileFacts::Answer::Placeholder;
    work.cloud.in_sync = true;
  }
  // It takes two looks to be sure.
  void arrive() {
    upload();
    for (int look = 0; look < 3; ++look) pass(1min);
  }
  const ArchiveRecord& newest_archive() const {
    return protection->archives("emr@S-1-5-21-1").front();
  }

  std::string root = "/home/anna/OneDrive";
};

TEST_CASE_METHOD(CloudDataset, "A backup waits until the cloud has it, and only then is uploaded") {
  back_up();
  CHECK(newest_archive().destination == "/home/anna/OneDrive/Backups");
  CHECK(status().cloud == "waiting");
  CHECK(status().health == Health::Protected);
  CHECK(status().headline.find("waiting to reach the cloud") != std::string::npos);
  pass(10s);
  CHECK(status().cloud == "waiting");

  upload();
  pass(10s);
  // One look is no proof.
  CHECK(status().cloud == "waiting");
  pass(10s);
  CHECK(status().cloud == "uploaded");
  CHECK(newest_archive().cloud_confirmed_at == clock.now());
  CHECK(status().headline.find("in the cloud") != std::string::npos);
  CHECK(told(EventId::Uploaded) == 1);
  CHECK(events.events.back().strings ==
        std::vector<std::string>{"The practice (anna)", newest_archive().file_name});
}

TEST_CASE_METHOD(CloudDataset, "What is in the cloud is not looked at any more") {
  back_up();
  upload();
  pass(10s);
  pass(10s);
  REQUIRE(status().cloud == "uploaded");
  const auto looks = work.cloud_looks.size();
  pass(1h);
  CHECK(work.cloud_looks.size() == looks);
  // Nor after a start.
  start({});
  protect();
  pass(1min);
  CHECK(work.cloud_looks.size() == looks);
  CHECK(status().cloud == "uploaded");
}

TEST_CASE_METHOD(CloudDataset, "Looks become rarer while nothing happens, and none is missed") {
  back_up();
  for (int i = 0; i < 360; ++i) pass(10s);
  CHECK(work.cloud_looks.size() < 16);
  upload();
  pass(10min);
  pass(10min);
  CHECK(status().cloud == "uploaded");
}

TEST_CASE_METHOD(CloudDataset, "What waits too long asks for attention, once") {
  back_up();
  for (int hour = 0; hour < 26; ++hour) {
    pass(1h);
    if (hour == 22) CHECK(told(EventId::WaitingTooLong) == 0);
  }
  CHECK(told(EventId::WaitingTooLong) == 1);
  CHECK(status().health == Health::Waiting);
}

TEST_CASE_METHOD(CloudDataset,
                 "While nothing reaches the cloud, the wait grows although retention deletes what "
                 "waited") {
  for (int hour = 0; hour < 26; ++hour) {
    change_data();
    pass(1h);
    if (hour == 22) CHECK(told(EventId::WaitingTooLong) == 0);
  }
  REQUIRE_FALSE(work.removed.empty());
  CHECK(told(EventId::WaitingTooLong) == 1);
  CHECK(status().health == Health::Waiting);
  CHECK(status().headline.find("waiting to reach the cloud for 25 hours") != std::string::npos);
  // Nor does a start of the service begin it anew.
  start({});
  protect();
  pass(1min);
  CHECK(status().health == Health::Waiting);
  arrive();
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(CloudDataset, "A look that shows nothing does not begin the wait anew") {
  back_up();
  for (int hour = 0; hour < 20; ++hour) pass(1h);
  work.cloud_provider.answer = CloudProviderFacts::Answer::NotUnderCloud;
  pass(1h);
  REQUIRE(status().cloud == "unknown");
  work.cloud_provider.answer = CloudProviderFacts::Answer::Registered;
  pass(1h);
  REQUIRE(status().cloud == "waiting");
  CHECK(status().health == Health::Protected);
  for (int hour = 0; hour < 3; ++hour) pass(1h);
  CHECK(status().health == Health::Waiting);
  CHECK(told(EventId::WaitingTooLong) == 1);
}

TEST_CASE_METHOD(CloudDataset,
                 "A cloud that is slow, but takes what comes, is not waited for long") {
  // Each archive gets there when the next two are made already.
  for (int hour = 0; hour < 60; ++hour) {
    if (hour % 4 == 0) change_data();
    upload();
    work.in_cloud_after = 7h;
    pass(30min);
    pass(30min);
    if (hour > 12) CHECK(status().cloud == "waiting");
  }
  CHECK(told(EventId::WaitingTooLong) == 0);
  CHECK(told(EventId::Uploaded) > 5);
}

TEST_CASE_METHOD(CloudDataset, "What goes to a cloud no more waits for none") {
  for (int hour = 0; hour < 26; ++hour) pass(1h);
  REQUIRE(status().health == Health::Waiting);
  EffectiveDataset elsewhere = to_one_drive();
  elsewhere.owner = kAnna;
  elsewhere.dataset.destination = FolderDestination{"/usb"};
  protection->use({elsewhere}, {anna()});
  change_data();
  pass(4h);
  CHECK(status().health == Health::Protected);
  CHECK(told(EventId::WaitingTooLong) == 1);
}

TEST_CASE_METHOD(CloudDataset, "An archive that turns out to be broken is waited for no more") {
  back_up();
  arrive();
  work.cloud.in_sync = false;
  back_up();
  for (int hour = 0; hour < 26; ++hour) pass(1h);
  REQUIRE(status().health == Health::Waiting);
  work.broken_archives.insert(newest_archive().file_name);
  protection->verify_archive("emr@S-1-5-21-1", newest_archive().file_name,
                             [](const ArchiveRecord&, const std::optional<Error>&) {});
  settle();
  settle();
  CHECK(status().cloud == "uploaded");
  CHECK(status().health != Health::Waiting);
}

TEST_CASE_METHOD(CloudDataset,
                 "Why it waits is told as the tray saw it, as long as that is fresh") {
  back_up();
  pass(10s);
  protection->take_tray_signals(kAnna, {.account = Account::Paused, .seen_at = clock.now()});
  pass(1min);
  CHECK(status().headline.find("paused") != std::string::npos);
  CHECK(status().cloud == "waiting");
  // Another user's tray says nothing of it.
  protection->take_tray_signals("S-1-5-21-2",
                                {.account = Account::Offline, .seen_at = clock.now()});
  pass(1h);
  CHECK(status().headline.find("paused") == std::string::npos);
  CHECK(status().headline.find("offline") == std::string::npos);
}

TEST_CASE_METHOD(CloudDataset, "Without Files On-Demand it is unknown whether the cloud has it") {
  work.cloud_provider.answer = CloudProviderFacts::Answer::NotUnderCloud;
  back_up();
  pass(10s);
  CHECK(status().cloud == "unknown");
  CHECK(status().health == Health::Protected);
  CHECK(status().headline.find("unknown") != std::string::npos);
}

TEST_CASE_METHOD(CloudDataset, "What the cloud refuses asks for attention") {
  back_up();
  work.cloud.is_excluded = true;
  pass(10s);
  CHECK(status().cloud == "excluded");
  CHECK(status().health == Health::Waiting);
  CHECK(told(EventId::WaitingTooLong) == 1);
}

TEST_CASE_METHOD(CloudDataset, "OneDrive that has moved is found again, by its account") {
  back_up();
  root = "/data/OneDrive";
  protect();
  settle();
  back_up();
  CHECK(newest_archive().destination == "/data/OneDrive/Backups");
  CHECK(protection->archives("emr@S-1-5-21-1").size() == 2);
}

TEST_CASE_METHOD(CloudDataset,
                 "Archives that moved with OneDrive are known there, and only there") {
  back_up();
  arrive();
  REQUIRE(newest_archive().cloud_confirmed_at);
  const auto made = newest_archive().sequence;
  work.cloud.in_sync = false;
  root = "/data/OneDrive";
  work.disk["/data/OneDrive/Backups"] = std::exchange(work.disk["/home/anna/OneDrive/Backups"], {});
  protect();
  settle();
  REQUIRE(protection->archives("emr@S-1-5-21-1").size() == 1);
  CHECK(newest_archive().destination == "/data/OneDrive/Backups");
  CHECK(newest_archive().sequence == made);
  CHECK(newest_archive().check == ArchiveFacts::Check::Verified);
  CHECK(status().archived_at);
  // What is in the cloud there has to be found out anew.
  CHECK_FALSE(newest_archive().cloud_confirmed_at);
  arrive();
  CHECK(status().cloud == "uploaded");
}

TEST_CASE_METHOD(CloudDataset,
                 "While OneDrive is lost, what is there is told, and that it is lost") {
  back_up();
  PresentUser without = anna();
  without.roots.clear();
  protection->use({to_one_drive()}, {without});
  settle();
  CHECK(status().archived_at);
  CHECK(status().health == Health::Waiting);
  CHECK(status().headline.find("The folder of the OneDrive account personal") != std::string::npos);
  CHECK(told(EventId::WaitingTooLong) == 1);
  protect();
  settle();
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(CloudDataset,
                 "An OneDrive that is away with its folder costs nothing that was known") {
  back_up();
  arrive();
  const auto known = newest_archive();
  REQUIRE(known.cloud_confirmed_at);
  PresentUser without = anna();
  without.roots.clear();
  const auto away = std::exchange(work.disk["/home/anna/OneDrive/Backups"], {});
  protection->use({to_one_drive()}, {without});
  settle();
  pass(2h);
  CHECK(newest_archive() == known);
  // Nothing was deleted, and nothing says so.
  std::optional<Error> why_not;
  protection->delete_archive(
      "emr@S-1-5-21-1", known.file_name, "anna",
      [&](const ArchiveRecord&, const std::optional<Error>& told) { why_not = told; });
  settle();
  REQUIRE(why_not);
  CHECK(why_not->code() == ErrorCode::NotFound);
  work.disk["/home/anna/OneDrive/Backups"] = away;
  protect();
  settle();
  CHECK(newest_archive() == known);
  CHECK(status().health == Health::Protected);
}

TEST_CASE_METHOD(CloudDataset, "What the tray reports is the occasion for a look") {
  back_up();
  for (int i = 0; i < 60; ++i) pass(1min);
  const auto looks = work.cloud_looks.size();
  protection->take_tray_signals(kAnna, {.account = Account::Paused, .seen_at = clock.now()});
  settle();
  CHECK(work.cloud_looks.size() == looks + 1);
  CHECK(status().headline.find("paused") != std::string::npos);
  settle();
  CHECK(work.cloud_looks.size() == looks + 1);
}

TEST_CASE_METHOD(CloudDataset,
                 "An archive that cannot be read to prove itself is looked at again after ten "
                 "minutes") {
  back_up();
  work.cloud_failure = Error(ErrorCode::SystemCallFailed, "It cannot be read.", "");
  const auto looks_within = [this](std::chrono::seconds time) {
    const auto before = work.cloud_looks.size();
    clock.advance(time);
    for (int i = 0; i < 10; ++i) {
      protection->tick();
      workers.do_all();
    }
    return work.cloud_looks.size() - before;
  };
  CHECK(looks_within(10s) == 1);
  CHECK(looks_within(9min) == 0);
  CHECK(protection->next_tick() > clock.now());
  CHECK(looks_within(1min) == 1);
  work.cloud_failure.reset();
  upload();
  CHECK(looks_within(10min) >= 1);
  CHECK(looks_within(1min) >= 1);
  CHECK(status().cloud == "uploaded");
}

class WithoutRights final : public UserRights {
  void take_on() const override { throw Error(ErrorCode::AccessDenied, "Anna has left.", ""); }
  void lay_down() const noexcept override {}
};

TEST_CASE_METHOD(CloudDataset,
                 "Where a user's rights are lost, archives are not looked at on end") {
  back_up();
  PresentUser left = anna();
  left.user.rights = std::make_shared<WithoutRights>();
  protection->use({to_one_drive()}, {left});
  clock.advance(10s);
  for (int i = 0; i < 10; ++i) {
    protection->tick();
    workers.do_all();
  }
  CHECK(protection->next_tick() > clock.now() + 30s);
}

TEST_CASE_METHOD(CloudDataset,
                 "What is only in the cloud is not read, and it is said how it can be") {
  back_up();
  const std::string archive = newest_archive().file_name;
  const std::filesystem::path backups = "/home/anna/OneDrive/Backups";
  work.disk[backups].at(archive).is_local = false;
  pass(2h);
  REQUIRE_FALSE(newest_archive().is_local);
  const auto is_refused = [&](const auto& ask) {
    try {
      ask();
      return false;
    } catch (const Error& error) {
      return error.line() ==
             archive +
                 " is only in the cloud, and the service cannot fetch it. Choose \"Always keep on "
                 "this device\" for it in its folder, wait until it is there, and try again.";
    }
  };
  const char* key = "emr@S-1-5-21-1";
  CHECK(is_refused([&] { protection->ask_for_restore(key, archive, false, kAnna); }));
  CHECK(is_refused([&] { protection->ask_for_drill(key, archive, kAnna); }));
  CHECK(is_refused([&] { protection->verify_archive(key, archive, {}); }));
  CHECK(is_refused([&] { protection->preview(key, archive, RowCounts::No, {}); }));
  // Whoever asks again once it was fetched is served.
  work.disk[backups].at(archive).is_local = true;
  settle();
  CHECK_NOTHROW(protection->ask_for_restore(key, archive, false, kAnna));
}

TEST_CASE_METHOD(CloudDataset, "Without OneDrive a backup is kept until there is one") {
  PresentUser without = anna();
  without.one_drive = {.sid = kAnna};
  without.roots.clear();
  work.destination_failure =
      Error(ErrorCode::NotFound, "There is no OneDrive.", "Sign in to OneDrive.");
  protection->use({to_one_drive()}, {without});
  pass(10min);
  CHECK(status().health == Health::Failed);
  CHECK(status().headline.find("is kept on this computer") != std::string::npos);
  CHECK(told(EventId::DestinationNotReachable) == 1);
  CHECK(protection->archives("emr@S-1-5-21-1").empty());

  work.destination_failure.reset();
  protect();
  settle();
  CHECK(protection->archives("emr@S-1-5-21-1").size() == 1);
  CHECK(newest_archive().check == ArchiveFacts::Check::Verified);
}

TEST_CASE_METHOD(CloudDataset,
                 "What waits for a destination waits where only its owner and administrators can "
                 "read it") {
  back_up();
  const std::filesystem::path annas = text_path("/home/anna\\Holdfast") / "outbox" / "emr";
  CHECK(work.jobs.back().outbox == annas);
  start();
  change_data();
  protection->ask("emr", asked());
  settle();
  CHECK(work.jobs.back().outbox == folder.path() / "outbox" / "emr");
}

TEST_CASE_METHOD(CloudDataset,
                 "A dataset that names a user's folder is done with that user's "
                 "rights, and waits for that user") {
  EffectiveDataset literal = dataset();
  literal.dataset.destination = FolderDestination{"/home/anna/Backups"};
  protection = std::make_unique<Protection>(
      Protection::Parts{.catalog_file = folder.path() / "catalog.db",
                        .work = work,
                        .workers = workers,
                        .events = events,
                        .clock = clock,
                        .zone = zone,
                        .machine = {.host = "PC", .user = "SYSTEM"},
                        .on_change = [] {},
                        .profile_owner =
                            [](const std::string& path) {
                              return std::string(path.starts_with("/home/anna/") ? kAnna : "");
                            },
                        .service_rights = std::make_shared<ServiceRights>(PathLimits{})});
  EffectiveDataset machines = dataset("machine");
  machines.dataset.database = "/data/machine.db";
  protection->use({literal, machines}, {anna()});
  const auto& datasets = protection->datasets();
  const auto hers = datasets.find("emr@S-1-5-21-1");
  REQUIRE(hers != datasets.end());
  CHECK(hers->second.user == "anna");
  CHECK(hers->second.rights == nullptr);
  REQUIRE(datasets.contains("machine"));
  CHECK(datasets.at("machine").rights->limits() != nullptr);
  protection->use({literal}, {});
  CHECK(protection->datasets().at("emr@S-1-5-21-1").waits.starts_with("Waits until "));
}

// As they are found when OneDrive has moved: none is recorded to be on its way.
struct ManyFound : CloudDataset {
  static constexpr int kCount = 10'000;

  ManyFound() {
    EffectiveDataset keeps = to_one_drive();
    keeps.dataset.keep.last = kCount + 1;
    protection->use({keeps}, {anna()});
    auto& there = work.disk["/home/anna/OneDrive/Backups"];
    for (int i = 0; i < kCount; ++i) {
      const Time taken_at = clock.now() - i * 1h;
      Manifest manifest{.dataset = "emr", .database = "clinic.db"};
      manifest.created_at = taken_at;
      manifest.host = "PC";
      there[archive_file_name({.dataset = "emr", .taken_at = taken_at, .host = "PC"})] = {
          .manifest = manifest};
    }
    settle();
    REQUIRE(protection->archives("emr@S-1-5-21-1").size() >= kCount);
  }
  // What a look at all of them takes, with its record.
  double look() {
    clock.advance(10min);
    const auto start = std::chrono::steady_clock::now();
    settle();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
};

TEST_CASE_METHOD(ManyFound, "Upload changes of many archives are recorded at once") {
  look();
  const auto in_state = [this](CloudState state) {
    return std::ranges::count(protection->archives("emr@S-1-5-21-1"), name(state),
                              &ArchiveRecord::cloud_state);
  };
  CHECK(in_state(CloudState::Waiting) >= kCount);
  arrive();
  CHECK(in_state(CloudState::Uploaded) >= kCount);
}

TEST_CASE_METHOD(ManyFound, "10,000 archives on their way are followed within a second",
                 "[.bench]") {
  const double first = look();
  const double second = look();
  fmt::print("10,000 archives looked at and recorded: {:.3f} s, again: {:.3f} s\n", first, second);
  CHECK(second < 1);
}

TEST_CASE_METHOD(ProtectedDataset, "What goes to no cloud is not looked for there") {
  change_data();
  protection->ask("emr", asked());
  pass(1min);
  CHECK(work.cloud_looks.empty());
  CHECK(status().cloud.empty());
}

}  // namespace
}  // namespace holdfast
