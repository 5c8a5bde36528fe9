#include <algorithm>
#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include "common/path_text.h"
#include "service/archive/archive_name.h"
#include "service/platform/file_state.h"
#include "tests/support/disk_job.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;

// A cloud that has every file, as it is on the disk.
class WholeCloud final : public CloudFiles {
 public:
  CloudFileFacts look(const std::filesystem::path& file) override {
    const auto state = file_state(file);
    if (!state) return {.answer = CloudFileFacts::Answer::Missing};
    return {.answer = CloudFileFacts::Answer::Placeholder,
            .in_sync = in_sync,
            .is_local = is_local,
            .bytes = state->size,
            .changed_at = state->modified.time_since_epoch().count()};
  }
  CloudProviderFacts provider(const std::filesystem::path&) override {
    return {.answer = CloudProviderFacts::Answer::Registered};
  }

  bool in_sync = true;
  bool is_local = true;
};

struct CloudJobs : DiskJob {
  CloudJobs() { job.is_for_cloud = true; }

  CloudJob::Archive archive_of(const BackupOutcome& made) const {
    return {.file_name = path_text(made.made->archive.filename()),
            .track = begun_track(clock.now()),
            .written = WrittenFile{.bytes = made.made->archive_bytes,
                                   .changed_at = made.published->changed_at},
            .hash = made.published->hash};
  }
  // Looks until there is nothing more to find out.
  UploadTrack follow(CloudJob::Archive archive) {
    while (archive.track.next_poll && archive.track.polls < 20) {
      clock.advance(10min);
      const CloudOutcome outcome = cloud_work.look_at_cloud(
          {.destination = job.request.destination, .archives = {archive}, .tray = {}}, {});
      REQUIRE_FALSE(outcome.failure);
      archive.track = outcome.tracks.at(archive.file_name);
      if (archive.track.state == CloudState::Error) break;
    }
    return archive.track;
  }
  int opened() const { return opened_; }
  void count_opened() {
    storage.before_open = [this](const std::filesystem::path&) { ++opened_; };
  }

  WholeCloud whole_cloud;
  DiskWork cloud_work{storage, clock, zone, whole_cloud};
  int opened_ = 0;
};

TEST_CASE_METHOD(CloudJobs, "What is in the cloud as it was published is uploaded") {
  const BackupOutcome made = back_up();
  REQUIRE(made.published);
  count_opened();
  CHECK(follow(archive_of(made)).state == CloudState::Uploaded);
  CHECK(opened() == 1);
}

TEST_CASE_METHOD(CloudJobs, "An archive that was found must prove itself before it is uploaded") {
  const BackupOutcome made = back_up();
  CloudJob::Archive found = archive_of(made);
  found.written.reset();
  found.hash.clear();
  CHECK(follow(found).state == CloudState::Uploaded);
}

TEST_CASE_METHOD(CloudJobs, "What is another content by now is not the backup") {
  const BackupOutcome made = back_up();
  CloudJob::Archive archive = archive_of(made);
  archive.hash = "another";
  CHECK(follow(archive).state == CloudState::Error);
}

TEST_CASE_METHOD(CloudJobs, "What the tray saw of one archive says nothing of another") {
  CloudJob::Archive left_out = archive_of(back_up());
  make_database(job.request.database, "INSERT INTO patient VALUES(2)");
  CloudJob::Archive other = archive_of(back_up());
  whole_cloud.in_sync = false;
  TraySignals tray{.file_states = {{left_out.file_name, 9}}, .seen_at = clock.now()};
  const CloudOutcome outcome = cloud_work.look_at_cloud(
      {.destination = job.request.destination, .archives = {left_out, other}, .tray = tray}, {});
  CHECK(outcome.tracks.at(left_out.file_name).state == CloudState::Excluded);
  CHECK(outcome.tracks.at(other.file_name).state == CloudState::Waiting);
}

TEST_CASE_METHOD(CloudJobs, "What is only in the cloud is not opened to find out") {
  const BackupOutcome made = back_up();
  whole_cloud.is_local = false;
  count_opened();
  CHECK(follow(archive_of(made)).state == CloudState::Uploaded);
  CHECK(opened() == 0);
}

constexpr int kMany = 10'000;

// As many archives on their way into a cloud, which none has reached.
struct ManyOnTheirWay : CloudJobs {
  CloudJob all{.destination = job.request.destination, .archives = {}, .tray = {}};

  explicit ManyOnTheirWay(int count = kMany) {
    std::filesystem::create_directories(job.request.destination);
    const Time begun = clock.now();
    for (int i = 0; i < count; ++i) {
      const std::string name =
          archive_file_name({.dataset = "emr", .taken_at = begun - i * 1h, .host = "PC"});
      const std::filesystem::path file = job.request.destination / text_path(name);
      write_file(file, "an archive");
      const auto state = file_state(file).value();
      all.archives.push_back(
          {.file_name = name,
           .track = begun_track(begun),
           .written = WrittenFile{.bytes = state.size,
                                  .changed_at = state.modified.time_since_epoch().count()},
           .hash = "0123456789abcdef0123456789abcdef"});
    }
    whole_cloud.in_sync = false;
    count_opened();
  }
  CloudOutcome look() {
    clock.advance(10min);
    return cloud_work.look_at_cloud(all, {});
  }
};

TEST_CASE_METHOD(ManyOnTheirWay, "As long as archives wait, no look reads any of them") {
  for (int i = 0; i < 3; ++i) {
    const CloudOutcome outcome = look();
    REQUIRE(outcome.tracks.size() == all.archives.size());
    for (CloudJob::Archive& archive : all.archives) {
      archive.track = outcome.tracks.at(archive.file_name);
      REQUIRE(archive.track.state == CloudState::Waiting);
    }
  }
  CHECK(opened() == 0);
}

TEST_CASE_METHOD(ManyOnTheirWay, "10,000 archives on their way are looked at within a second",
                 "[.bench]") {
  const auto start = std::chrono::steady_clock::now();
  const CloudOutcome outcome = look();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  CHECK(outcome.tracks.size() == all.archives.size());
  CHECK(opened() == 0);
  fmt::print("look at 10,000 archives: {:.3f} s\n", took.count());
  CHECK(took < 1s);
}

}  // namespace
}  // namespace holdfast
