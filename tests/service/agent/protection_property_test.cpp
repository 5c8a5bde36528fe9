#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>

#include <catch2/catch_test_macros.hpp>
#include <spdlog/spdlog.h>

#include "service/agent/protection.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_time_zone.h"
#include "tests/support/fake_work.h"
#include "tests/support/recording_event_log.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr const char* kDestination = "/backups";
constexpr seconds kStaleAfter = 48h;
constexpr int kDays = HOLDFAST_SIMULATED_DAYS;
constexpr int kLast = 4;

// The catalog has every record flushed, which on a disk would take minutes for decades.
class FolderInMemory {
 public:
  FolderInMemory() {
    if (!std::filesystem::is_directory("/dev/shm")) return;
    in_memory_ = "/dev/shm" / on_disk_.path().filename();
    std::filesystem::create_directory(in_memory_);
  }
  FolderInMemory(const FolderInMemory&) = delete;
  FolderInMemory& operator=(const FolderInMemory&) = delete;
  ~FolderInMemory() {
    std::error_code ignored;
    if (!in_memory_.empty()) std::filesystem::remove_all(in_memory_, ignored);
  }

  const std::filesystem::path& path() const {
    return in_memory_.empty() ? on_disk_.path() : in_memory_;
  }

 private:
  TemporaryFolder on_disk_;
  std::filesystem::path in_memory_;
};

// A service that lives through decades of whatever happens to small computers, and a witness who
// knows the true time and what was really archived.
class Life {
 public:
  explicit Life(std::uint32_t seed) : random_(seed) {
    work_.now = [this] { return clock_.now(); };
    work_.before_backup = [this](const BackupJob& job) { at_backup(job); };
    start_service();
  }

  void live() {
    while (true_time_ < std::chrono::days(kDays)) {
      happen();
      pass();
      for (int i = 0; i < 10; ++i) {
        service_->tick();
        if (workers_.waiting() == 0) break;
        watch();
        workers_.do_all();
      }
      watch();
    }
  }

 private:
  int roll(int sides) { return static_cast<int>(random_() % static_cast<std::uint32_t>(sides)); }
  bool once_in(int times) { return roll(times) == 0; }

  void start_service() {
    service_.reset();
    workers_.forget_all();
    service_ = std::make_unique<Protection>(
        Protection::Parts{.catalog_file = folder_.path() / "catalog.db",
                          .work = work_,
                          .workers = workers_,
                          .events = events_,
                          .clock = clock_,
                          .zone = zone_,
                          .machine = {.host = "PC"},
                          .on_change = [] {}});
    service_->use({{.dataset = {.id = "daily",
                                .title = "Daily",
                                .database = "/data/daily.db",
                                .destination = FolderDestination{kDestination},
                                .schedule = Daily{.time_of_day = 18h},
                                .keep = {.last = kLast, .weekly = 2},
                                .stale_after = kStaleAfter}}});
    events_.events.clear();
  }

  void set_clock(seconds by) {
    clock_.advance(by);
    jumps_ += std::chrono::abs(by);
    all_jumps_ += std::chrono::abs(by);
    last_jump_ = true_time_;
  }

  // What may happen within some hours.
  void happen() {
    if (once_in(3)) work_.state = std::to_string(++data_);
    if (once_in(40)) trouble_until_ = true_time_ + std::chrono::hours(roll(72));
    if (once_in(400)) set_clock(seconds(roll(7200) - 3600));
    if (once_in(4000)) set_clock(std::chrono::hours(roll(20'000) - 10'000));
    if (once_in(100)) service_->ask("daily", {.urgency = Urgency::Asked, .cause = "manual"});
    if (once_in(300)) start_service();
    if (once_in(20'000)) lose_catalog();
    if (once_in(3000)) take_archive_away();
    if (once_in(200)) service_->cancel_backups("daily");
    work_.scan_failure.reset();
    if (once_in(50)) work_.scan_failure = Error(ErrorCode::NotFound, "The drive is gone.", "");
  }

  void lose_catalog() {
    service_.reset();
    for (const char* name : {"catalog.db", "catalog.db-wal", "catalog.db-shm"}) {
      std::filesystem::remove(folder_.path() / name);
    }
    start_service();
    // When it last ran nobody knows any more, and the order of the archives only their dates tell,
    // which were taken from clocks that stood wrong.
    last_jump_ = true_time_;
    jumps_ += all_jumps_;
    std::ranges::sort(made_);
  }

  void take_archive_away() {
    auto& disk = work_.disk[kDestination];
    if (disk.empty()) return;
    const auto taken = std::next(disk.begin(), roll(static_cast<int>(disk.size())));
    std::erase(made_, taken->first);
    disk.erase(taken);
    // Nobody can know before the destination is looked at again.
    forgiven_until_ = true_time_ + 26h;
  }

  // Mostly on, now and then asleep for days.
  void pass() {
    const seconds time =
        once_in(60) ? std::chrono::hours(roll(200)) : seconds(600 + roll(4 * 3600));
    if (time > 10min) service_->woke();
    true_time_ += time;
    clock_.advance(time);
  }

  void at_backup(const BackupJob& job) {
    REQUIRE(running_of("daily") == 1);
    if (true_time_ < trouble_until_) {
      // What failed is tried again, whoever asked for it.
      scheduled_.clear();
      throw Error(once_in(2) ? ErrorCode::DiskFull : ErrorCode::DatabaseBusy, "Trouble.", "");
    }
    // Whether it makes an archive or finds nothing changed, the newest archive is as the data.
    good_at_ = true_time_;
    jumps_ = 0s;
    if (job.priority == WorkPriority::Background) take_scheduled_run();
  }

  // One at the time of day, and one that catches up: that is all a day may have.
  void take_scheduled_run() {
    scheduled_.push_back(true_time_);
    if (scheduled_.size() <= 2) return;
    const seconds third_last = scheduled_[scheduled_.size() - 3];
    const bool clock_was_steady = last_jump_ < third_last - 48h;
    if (clock_was_steady) REQUIRE(true_time_ - third_last > 23h);
    scheduled_.erase(scheduled_.begin());
  }

  int running_of(std::string_view dataset) {
    int running = 0;
    for (const RunRecord& run : service_->history({.dataset = std::string(dataset), .limit = 5})) {
      if (run.outcome == RunOutcome::Running) ++running;
    }
    return running;
  }

  void watch() {
    const auto& disk = work_.disk[kDestination];
    for (const auto& [name, archive] : disk) {
      if (std::ranges::find(made_, name) == made_.end()) made_.push_back(name);
    }
    for (const std::string& name : work_.removed) {
      // The archives that were really made last are never deleted.
      const auto place = std::ranges::find(made_, name);
      REQUIRE(place != made_.end());
      REQUIRE(std::distance(place, made_.end()) > 1);
      made_.erase(place);
    }
    if (!work_.removed.empty()) REQUIRE(disk.size() >= kLast);
    work_.removed.clear();

    const DatasetStatus status = service_->statuses().at(0);
    if (status.health == Health::Protected && true_time_ > forgiven_until_) {
      REQUIRE(good_at_);
      REQUIRE_FALSE(disk.empty());
      CAPTURE((true_time_ - *good_at_).count(), jumps_.count(), status.headline);
      REQUIRE(true_time_ - *good_at_ <= kStaleAfter + jumps_);
    }
  }

  std::mt19937 random_;
  FolderInMemory folder_;
  FakeClock clock_{time_from("2026-01-01T10:00:00Z")};
  FakeTimeZone zone_ = berlin();
  FakeWork work_;
  PatientWorkers workers_;
  RecordingEventLog events_;
  std::unique_ptr<Protection> service_;

  int data_ = 1;
  std::vector<std::string> made_;  // what is on the disk, in the order in which it was made
  seconds true_time_{0};
  seconds trouble_until_{0};
  seconds forgiven_until_{0};
  std::optional<seconds> good_at_;
  seconds jumps_{0};  // since then
  seconds all_jumps_{0};
  seconds last_jump_{-1'000'000};
  std::vector<seconds> scheduled_;  // the last ones that were good
};

TEST_CASE("In 10,000 days the service keeps its promises, whatever happens") {
  const std::uint32_t seed = std::random_device{}();
  CAPTURE(seed);
  const auto level = spdlog::get_level();
  spdlog::set_level(spdlog::level::off);
  Life(seed).live();
  spdlog::set_level(level);
}

}  // namespace
}  // namespace holdfast
