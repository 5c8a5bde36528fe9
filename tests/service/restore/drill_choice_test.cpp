#include "service/restore/drill_choice.h"

#include <set>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Check = ArchiveFacts::Check;

const Time kNow = time_from("2026-11-20T10:00:00Z");

ArchiveRecord archive(std::string name, std::chrono::hours age) {
  return {.dataset = "clinic",
          .destination = "D:\\Backups",
          .file_name = std::move(name),
          .host = "PC-1",
          .taken_at = kNow - age,
          .check = Check::Verified};
}

std::vector<std::string> choice(const std::vector<ArchiveRecord>& archives,
                                std::uint64_t random = 0) {
  return drill_choice(archives, "D:\\Backups", "PC-1", random);
}

TEST_CASE("A drill takes the newest verified backup, and an older one") {
  const std::vector<ArchiveRecord> archives{archive("a", 30h), archive("c", 10h),
                                            archive("b", 20h)};
  CHECK(choice(archives) == std::vector<std::string>{"c", "a"});
  CHECK(choice({archives[0]}) == std::vector<std::string>{"a"});
  CHECK(choice({}).empty());
}

TEST_CASE("Which archive of a drill is the newest the catalog tells, not the clock") {
  std::vector<ArchiveRecord> archives{archive("before", 1h), archive("after", 50h)};
  archives[0].sequence = 4;
  archives[1].sequence = 5;
  CHECK(choice(archives) == std::vector<std::string>{"after", "before"});
}

TEST_CASE("A drill takes nothing that is only in the cloud, and no copy that OneDrive made") {
  std::vector<ArchiveRecord> archives(2, archive("x", 1h));
  archives[0].is_local = false;
  archives[1].conflict_of = "good";
  CHECK(choice(archives).empty());
  archives.push_back(archive("good", 100h));
  CHECK(choice(archives) == std::vector<std::string>{"good"});
}

TEST_CASE("A drill takes nothing that is unchecked, broken, older, safety or somebody else's") {
  std::vector<ArchiveRecord> archives(7, archive("x", 1h));
  archives[0].check = Check::Unknown;
  archives[1].check = Check::Broken;
  archives[2].format = ArchiveFormat::LegacyZip;
  archives[3].kind = ArchiveName::Kind::Safety;
  archives[4].host = "PC-2";
  archives[5].destination = "E:\\";
  archives[6] = archive("good", 100h);
  CHECK(choice(archives) == std::vector<std::string>{"good"});
}

TEST_CASE("The older archive of a drill is of the half that was proven longest ago") {
  std::vector<ArchiveRecord> archives{archive("newest", 1h), archive("young", 20h),
                                      archive("middle", 100h), archive("old", 1000h),
                                      archive("proven", 5000h)};
  archives[4].drilled_at = kNow - 30h;
  std::set<std::string> chosen;
  for (std::uint64_t random = 0; random < 100; ++random) {
    const auto names = choice(archives, random * 7919);
    REQUIRE(names.size() == 2);
    CHECK(names.front() == "newest");
    chosen.insert(names.back());
  }
  CHECK(chosen == std::set<std::string>{"middle", "old"});
}

TEST_CASE("Drill after drill, every archive gets its turn") {
  std::vector<ArchiveRecord> archives;
  for (int i = 0; i < 20; ++i) {
    archives.push_back(archive(std::to_string(i), std::chrono::hours(24 * (i + 1))));
  }
  std::set<std::string> drilled;
  std::uint64_t random = 1;
  for (int week = 1; week <= 60; ++week) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    for (const std::string& name : choice(archives, random >> 33)) {
      drilled.insert(name);
      archives[std::stoul(name)].drilled_at = kNow + std::chrono::days(7 * week);
    }
  }
  CHECK(drilled.size() == archives.size());
}

TEST_CASE("A drill is due when none was made for the time that is configured") {
  CHECK(is_drill_due(std::nullopt, 168h, kNow));
  CHECK(is_drill_due(kNow - 168h, 168h, kNow));
  CHECK_FALSE(is_drill_due(kNow - 168h + 1s, 168h, kNow));
  CHECK_FALSE(is_drill_due(std::nullopt, std::nullopt, kNow));
  CHECK_FALSE(is_drill_due(kNow + 1min, 168h, kNow));
  CHECK(is_drill_due(kNow + 1h, 168h, kNow));
}

}  // namespace
}  // namespace holdfast
