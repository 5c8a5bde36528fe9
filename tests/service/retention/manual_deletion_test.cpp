#include "service/retention/manual_deletion.h"

#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using Check = ArchiveFacts::Check;

constexpr const char* kHost = "PC";
const Time kThen = time_from("2026-11-20T12:00:00Z");

ArchiveFacts archive(const std::string& id, std::uint64_t sequence, Check check = Check::Verified) {
  return {.id = id, .host = kHost, .taken_at = kThen, .sequence = sequence, .check = check};
}

std::string refusal(const std::vector<ArchiveFacts>& archives, std::size_t which,
                    std::string_view held_back = "") {
  return manual_deletion_refusal(archives[which], archives, kHost, held_back);
}

TEST_CASE("A person may delete a backup when a newer one is verified") {
  const std::vector all = {archive("new", 3), archive("old", 2), archive("bad", 1, Check::Broken),
                           archive("unchecked", 0, Check::Unknown)};
  for (const std::size_t which : {1U, 2U, 3U}) CHECK(refusal(all, which).empty());
}

TEST_CASE("A person cannot delete what there would be no way back without") {
  const std::vector only = {archive("only", 1)};
  CHECK(refusal(only, 0) == "the newest verified backup");

  const std::vector newest = {archive("unchecked", 3, Check::Unknown),
                              archive("broken", 2, Check::Broken), archive("verified", 1)};
  CHECK(refusal(newest, 0) == "newer than every verified backup");
  CHECK(refusal(newest, 1) == "newer than every verified backup");
  CHECK(refusal(newest, 2) == "the newest verified backup");

  std::vector proven = {archive("new", 4), archive("drilled", 3), archive("cloud", 2),
                        archive("both", 1)};
  proven[1].drilled_at = kThen;
  proven[2].cloud_confirmed_at = kThen;
  proven[3].drilled_at = kThen;
  proven[3].cloud_confirmed_at = kThen;
  CHECK(refusal(proven, 1) == "the last that passed a test restore");
  CHECK(refusal(proven, 2) == "the last that is surely in the cloud");
  CHECK(refusal(proven, 3).empty());
}

TEST_CASE(
    "What stands in for a backup must be this computer's, a backup, and as new by the catalog") {
  std::vector all = {archive("other's", 3), archive("safety", 2), archive("old", 1)};
  all[0].host = "LAPTOP";
  all[1].kind = ArchiveName::Kind::Safety;
  CHECK(refusal(all, 2) == "the newest verified backup");
  CHECK(refusal(all, 0) == "made by another computer, LAPTOP: delete it there");

  // Its date says that it is newer; the catalog saw it being made before.
  std::vector clock_jumped = {archive("first", 1), archive("second", 2)};
  clock_jumped[0].taken_at = kThen + std::chrono::hours(999);
  CHECK(refusal(clock_jumped, 0).empty());
  CHECK_FALSE(refusal(clock_jumped, 1).empty());
}

TEST_CASE("As long as data may be lost nothing is deleted by hand either") {
  const std::vector all = {archive("new", 2), archive("old", 1)};
  CHECK(refusal(all, 1, "the number of patients fell") ==
        "needed as long as the number of patients fell");
}

}  // namespace
}  // namespace holdfast
