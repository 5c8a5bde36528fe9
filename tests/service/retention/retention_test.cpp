#include "service/retention/retention.h"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using Check = ArchiveFacts::Check;
using Kind = ArchiveName::Kind;
using Verdict = RetentionDecision::Verdict;

const Time kNow = time_from("2026-11-20T12:00:00Z");  // a Friday

ArchiveFacts verified(std::string id, Time taken_at) {
  return {.id = std::move(id), .host = "PC", .taken_at = taken_at, .check = Check::Verified};
}

ArchiveFacts checked(Check check, std::string id, Time taken_at) {
  ArchiveFacts archive = verified(std::move(id), taken_at);
  archive.check = check;
  return archive;
}

// One a day, "0" made now, "1" a day before...
std::vector<ArchiveFacts> one_a_day(int count) {
  std::vector<ArchiveFacts> archives;
  for (int i = 0; i < count; ++i) archives.push_back(verified(std::to_string(i), kNow - days(i)));
  return archives;
}

std::vector<RetentionDecision> decided(const std::vector<ArchiveFacts>& archives,
                                       const RetentionPolicy& policy, Time now = kNow,
                                       std::string_view held_back = "",
                                       const TimeZone& zone = FakeTimeZone(0s)) {
  return retention(archives, policy, "PC", zone, now, held_back);
}

std::string kept(const std::vector<RetentionDecision>& decisions) {
  std::string ids;
  for (const RetentionDecision& decision : decisions) {
    if (decision.verdict == Verdict::Keep) ids += (ids.empty() ? "" : " ") + decision.id;
  }
  return ids;
}

std::string reason(const std::vector<RetentionDecision>& decisions, std::string_view id) {
  const auto found = std::find_if(decisions.begin(), decisions.end(),
                                  [id](const RetentionDecision& each) { return each.id == id; });
  REQUIRE(found != decisions.end());
  return found->reason;
}

TEST_CASE("Retention keeps the newest, and of each day, week and month with archives the newest") {
  struct Row {
    const char* what;
    RetentionPolicy policy;
    std::string_view kept;
  };
  // "0" is Friday, 20 November; "4" the Monday before, "5" the Sunday; "19" is 1 November.
  const Row rows[] = {
      {"all, when there are few",
       {.last = 40},
       "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21"},
      {"the last three", {.last = 3}, "0 1 2"},
      {"the last one", {.last = 1}, "0"},
      {"four days", {.last = 0, .daily = 4}, "0 1 2 3"},
      {"three weeks", {.last = 0, .weekly = 3}, "0 5 12"},
      {"months", {.last = 0, .monthly = 12}, "0 20"},
      {"all together", {.last = 2, .daily = 3, .weekly = 2, .monthly = 2}, "0 1 2 5 20"},
      {"nothing", {.last = 0}, "0"},
      {"less than nothing", {.last = -3, .daily = -1}, "0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(kept(decided(one_a_day(22), row.policy)) == row.kept);
  }
}

TEST_CASE("Retention counts the days that have archives, not those that passed") {
  // Two a day on Mondays, then nothing for a year.
  std::vector<ArchiveFacts> archives;
  for (int week = 0; week < 5; ++week) {
    const Time monday = time_from("2025-11-17T08:00:00Z") - days(7 * week);
    archives.push_back(verified(std::to_string(week) + "late", monday + 9h));
    archives.push_back(verified(std::to_string(week) + "early", monday));
  }
  CHECK(kept(decided(archives, {.last = 0, .daily = 3})) == "0late 1late 2late");
  CHECK(kept(decided(archives, {.last = 0, .weekly = 4})) == "0late 1late 2late 3late");
  CHECK(kept(decided(archives, {.last = 0, .monthly = 4})) == "0late 3late");
}

TEST_CASE("Days, weeks and months are those of the calendar on the wall") {
  struct Row {
    const char* what;
    FakeTimeZone zone;
    std::string_view older;
    std::string_view newer;
    RetentionPolicy policy;
    bool same;
  };
  const RetentionPolicy day{.last = 0, .daily = 9};
  const RetentionPolicy week{.last = 0, .weekly = 9};
  const RetentionPolicy month{.last = 0, .monthly = 9};
  const Row rows[] = {
      {"one day of UTC is two", berlin(), "2026-05-04T21:30:00Z", "2026-05-04T22:30:00Z", day,
       false},
      {"two days of UTC are one", berlin(), "2026-05-04T22:30:00Z", "2026-05-05T21:30:00Z", day,
       true},
      {"summer time's last day", berlin(), "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", day,
       true},
      {"and the next", berlin(), "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", day, false},
      {"the south", sydney(), "2026-10-03T14:00:00Z", "2026-10-04T12:59:59Z", day, true},
      {"Sunday and Monday", berlin(), "2026-05-03T12:00:00Z", "2026-05-04T12:00:00Z", week, false},
      {"Monday and Sunday", berlin(), "2026-05-04T12:00:00Z", "2026-05-10T12:00:00Z", week, true},
      {"a week over the new year", berlin(), "2026-12-28T12:00:00Z", "2027-01-03T12:00:00Z", week,
       true},
      {"a leap day's week", berlin(), "2028-02-28T12:00:00Z", "2028-03-05T12:00:00Z", week, true},
      {"the same month, another year", berlin(), "2025-05-04T12:00:00Z", "2026-05-04T12:00:00Z",
       month, false},
      {"the month's end", berlin(), "2028-02-01T00:00:00Z", "2028-02-29T22:59:59Z", month, true},
      {"and the next month", berlin(), "2028-02-01T00:00:00Z", "2028-02-29T23:00:00Z", month,
       false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const std::vector<ArchiveFacts> archives{verified("older", time_from(row.older)),
                                             verified("newer", time_from(row.newer))};
    const Time now = time_from("2030-01-01T00:00:00Z");
    CHECK(kept(decided(archives, row.policy, now, "", row.zone)) ==
          (row.same ? "newer" : "older newer"));
  }
}

TEST_CASE("The last drilled, the last in the cloud and the newest verified archive are kept") {
  auto archives = one_a_day(9);
  archives[8].cloud_confirmed_at = archives[7].cloud_confirmed_at = kNow;
  archives[6].drilled_at = archives[5].drilled_at = kNow;
  const auto decisions = decided(archives, {.last = 2});
  CHECK(kept(decisions) == "0 1 5 7");
  CHECK(reason(decisions, "0") == "one of the 2 newest");
  CHECK(reason(decisions, "5") == "the last that passed a test restore");
  CHECK(reason(decisions, "7") == "the last that is surely in the cloud");
  CHECK(reason(decisions, "4") == "older than the 2 newest");
  CHECK(reason(decisions, "8") == "older than everything that is kept");
  CHECK(reason(decided(archives, {.last = 0, .weekly = 0}), "0") == "the newest that is verified");

  // A drill or an upload of what has broken since proves nothing.
  archives[5].check = archives[7].check = Check::Broken;
  CHECK(kept(decided(archives, {.last = 2})) == "0 1 6 8");
}

TEST_CASE("Another computer's archives are neither deleted nor counted") {
  auto archives = one_a_day(6);
  archives[0].host = archives[2].host = archives[5].host = "RECEPTION";
  const auto decisions = decided(archives, {.last = 1});
  CHECK(kept(decisions) == "0 1 2 5");
  CHECK(reason(decisions, "5") == "another computer's");
  CHECK(reason(decisions, "1") == "the newest");
  CHECK(kept(decided(archives, {.last = 1}, kNow, "of a damage")) == "0 1 2 3 4 5");
}

TEST_CASE("Safety archives are kept apart from backups") {
  auto archives = one_a_day(8);
  for (const std::size_t i : {1u, 3u, 5u, 7u}) archives[i].kind = Kind::Safety;
  CHECK(kept(decided(archives, {.last = 1, .daily = 2, .safety = 2})) == "0 1 2 3");
  CHECK(kept(decided(archives, {.last = 3, .safety = 0})) == "0 1 2 4");
  CHECK(kept(decided(archives, {})) == "0 1 2 3 4 5 6 7");
}

TEST_CASE("While retention is held back nothing is deleted, and the reason is told") {
  const auto decisions =
      decided(one_a_day(5), {.last = 1}, kNow, "the number of patients dropped from 1204 to 3");
  CHECK(kept(decisions) == "0 1 2 3 4");
  CHECK(reason(decisions, "4") ==
        "retention is held back because the number of patients dropped from 1204 to 3");
}

TEST_CASE("Nothing is deleted before a newer archive is verified") {
  auto archives = one_a_day(5);
  for (const std::size_t i : {0u, 1u, 2u, 3u, 4u}) {
    archives[i].check = i % 2 == 0 ? Check::Unknown : Check::Broken;
  }
  CHECK(kept(decided(archives, {.last = 1})) == "0 1 2 3 4");
  archives[2].check = Check::Verified;
  const auto decisions = decided(archives, {.last = 1});
  CHECK(kept(decisions) == "0 1 2");
  CHECK(reason(decisions, "1") == "newer than all that are verified");
}

TEST_CASE("Broken archives push no good ones out and stay while few good ones are newer") {
  auto archives = one_a_day(8);
  for (const std::size_t i : {0u, 2u, 4u, 6u}) archives[i].check = Check::Broken;
  const auto decisions = decided(archives, {.last = 2});
  CHECK(kept(decisions) == "0 1 2 3");
  CHECK(reason(decisions, "2") == "damaged, but hardly older than the good ones");
  CHECK(reason(decisions, "6") == "older than everything that is kept");
  // The last test restore keeps "7", but not the damaged ones before it.
  archives[7].drilled_at = kNow;
  const auto drilled = decided(archives, {.last = 2});
  CHECK(kept(drilled) == "0 1 2 3 7");
  CHECK(reason(drilled, "6") == "damaged, and older than the 2 newest");
}

TEST_CASE("Archives that nobody has checked stay as if they were good and push none out") {
  // The catalog was lost; three backups were made since.
  auto archives = one_a_day(70);
  for (std::size_t i = 3; i < archives.size(); ++i) archives[i].check = Check::Unknown;
  const auto decisions = decided(archives, {.last = 3, .monthly = 3});
  CHECK(kept(decisions) == "0 1 2 20 51");
  CHECK(reason(decisions, "20") == "the newest of its month, though nobody has verified it yet");
  CHECK(reason(decisions, "30") == "older than the 3 newest, and no day, week or month needs it");

  const std::vector<ArchiveFacts> unknown_first{checked(Check::Unknown, "u", kNow),
                                                verified("a", kNow - 1h), verified("b", kNow - 2h),
                                                verified("c", kNow - 3h)};
  CHECK(kept(decided(unknown_first, {.last = 2})) == "u a b");
}

TEST_CASE("The order in which archives were made goes before their dates") {
  // The clock stood in 2031 for two archives, then in 1999 for two.
  std::vector<ArchiveFacts> archives{verified("a", kNow - days(2)),
                                     verified("b", time_from("2031-01-01T00:00:00Z")),
                                     verified("c", time_from("2031-01-02T00:00:00Z")),
                                     verified("d", time_from("1999-01-01T00:00:00Z")),
                                     verified("e", time_from("1999-01-02T00:00:00Z")),
                                     verified("f", kNow)};
  for (std::size_t i = 0; i < archives.size(); ++i) archives[i].sequence = i + 1;
  CHECK(kept(decided(archives, {.last = 1})) == "f");
  CHECK(kept(decided(archives, {.last = 3})) == "d e f");
  CHECK(kept(decided(archives, {.last = 0, .daily = 2})) == "e f");
  // What the catalog did not see made is older.
  archives.push_back(verified("found", kNow - 1h));
  CHECK(kept(decided(archives, {.last = 3})) == "d e f");
  CHECK(kept(decided(archives, {.last = 7})) == "a b c d e f found");
}

TEST_CASE("Without that order, archives from the future are kept and not counted") {
  std::vector<ArchiveFacts> archives = one_a_day(4);
  archives.push_back(verified("next year", kNow + days(365)));
  archives.push_back(verified("soon", kNow + kClockTolerance));
  const auto decisions = decided(archives, {.last = 2});
  CHECK(kept(decisions) == "0 next year soon");
  CHECK(reason(decisions, "next year") ==
        "dated in the future, so that nobody knows how old it is");
}

TEST_CASE("A clock that stands wrong empties no store") {
  const auto archives = one_a_day(20);
  for (const auto* const now :
       {"1601-01-01T00:00:00Z", "2026-11-10T12:00:00Z", "2026-11-20T12:00:00Z",
        "2044-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    CAPTURE(now);
    const auto decisions = decided(archives, {.last = 5, .daily = 7}, time_from(now));
    const auto remaining =
        std::count_if(decisions.begin(), decisions.end(),
                      [](const RetentionDecision& each) { return each.verdict == Verdict::Keep; });
    CHECK(remaining >= 7);
    CHECK(decisions.front().verdict == Verdict::Keep);
  }
}

TEST_CASE("Each archive has its decision, in the order given, and one day's order is by name") {
  CHECK(decided({}, {}).empty());
  const std::vector<ArchiveFacts> archives{verified("b", kNow), verified("a", kNow),
                                           verified("c", kNow)};
  const auto decisions = decided(archives, {.last = 1});
  REQUIRE(decisions.size() == 3);
  CHECK(decisions[0].id == "b");
  CHECK(decisions[1].id == "a");
  CHECK(decisions[2].id == "c");
  CHECK(kept(decisions) == "c");
}

}  // namespace
}  // namespace holdfast
