#include "service/command_line/run_texts.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/fake_time_zone.h"

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("A run that made an archive is told by it, and any other by the reason") {
  const json verified = {
      {"record", {{"dataset", "emr"}, {"outcome", "verified"}, {"archive", "emr_1.zip"}}}};
  CHECK(run_line(verified) == "Verified: emr_1.zip (emr)");
  CHECK(verified_report(verified, {}) == "Verified: emr_1.zip (emr)\n");
  CHECK(is_verified(verified));
  const json failed = {{"record",
                        {{"dataset", "emr"},
                         {"outcome", "failed"},
                         {"sentence", "The disk is full. Free some space."}}}};
  CHECK(run_line(failed) == "emr was not backed up: The disk is full. Free some space.");
  CHECK_FALSE(is_verified(failed));
  const json cancelled = {{"record", {{"dataset", "emr"}, {"outcome", "cancelled"}}}};
  CHECK(run_line(cancelled) == "emr was not backed up: the run was cancelled.");
  CHECK_FALSE(is_verified(json{{"record", {{"dataset", "emr"}, {"outcome", "unchanged"}}}}));
}

TEST_CASE("The history tells when each run was, by the clocks here and by its age") {
  const json failed = {{"dataset", "emr"},
                       {"kind", "backup"},
                       {"cause", "schedule"},
                       {"started_at", "2026-11-20T10:00:00Z"},
                       {"ended_at", "2026-11-20T10:01:05Z"},
                       {"outcome", "failed"},
                       {"sentence", "The disk is full.\nFree\tsome."}};
  const json verified = {{"dataset", "docassist-emr"},
                         {"kind", "restore"},
                         {"cause", "manual"},
                         {"reason", "before the update"},
                         {"started_at", "2026-11-20T08:30:00Z"},
                         {"outcome", "verified"},
                         {"archive", "emr_20261120T083000Z_PC.zip"}};
  const FakeTimeZone zone(std::chrono::hours(1));
  const ReportView view{.now = time_from("2026-11-20T12:00:00Z"), .zone = zone};
  CHECK(history_report({{"runs", {failed, verified}}, {"more", true}}, view) ==
        "Local time        Age          Outcome   Cause             Took  Dataset\n"
        "2026-11-20 11:00  2 hours ago  failed    schedule          1:05  emr\n"
        "    The disk is full.?Free?some.\n"
        "2026-11-20 09:30  3 hours ago  restored  manual (restore)     -  docassist-emr\n"
        "    emr_20261120T083000Z_PC.zip (before the update)\n"
        "Older runs are not shown.\n");
  CHECK(history_report({{"runs", json::array()}, {"more", false}}, view) ==
        "There was no run yet.\n");
}

TEST_CASE("A copy that OneDrive made is told with the archive it is a copy of") {
  const auto archive = [](const char* name) {
    return json{{"archive", name},
                {"taken_at", "2026-11-20T10:00:00Z"},
                {"bytes", 1000},
                {"check", "unknown"},
                {"host", "PC"}};
  };
  json same = archive("a-2.zip");
  same["conflict_of"] = "a.zip";
  json other = same;
  json unread = same;
  same["same_content"] = true;
  other["same_content"] = false;
  const FakeTimeZone zone(std::chrono::hours(1));
  CHECK(archives_report({{"archives", {archive("a.zip"), same, other, unread}}, {"more", false}},
                        {.now = time_from("2026-11-20T12:00:00Z"), .zone = zone}) ==
        "Local time        Age          Check       Size  Host  Reason\n"
        "2026-11-20 11:00  2 hours ago  not yet  1.00 KB  PC\n"
        "    a.zip\n"
        "2026-11-20 11:00  2 hours ago  not yet  1.00 KB  PC\n"
        "    a-2.zip, a copy that OneDrive made of a.zip; both are the same\n"
        "2026-11-20 11:00  2 hours ago  not yet  1.00 KB  PC\n"
        "    a-2.zip, a copy that OneDrive made of a.zip; they are not the same\n"
        "2026-11-20 11:00  2 hours ago  not yet  1.00 KB  PC\n"
        "    a-2.zip, a copy that OneDrive made of a.zip; they were not compared\n");
}

TEST_CASE("What was accepted is told with its numbers") {
  CHECK(acceptance_report({{"dataset", "emr"}, {"counts", {{"patients", 50}, {"visits", 7}}}},
                          {}) == "Accepted: emr (50 patients, 7 visits)\n");
}

TEST_CASE("What retention would do is told of each archive, with the reason, and summed up") {
  const json answer = {{"decisions",
                        {{{"archive", "emr_20261120T083000Z_PC.zip"},
                          {"verdict", "keep"},
                          {"reason", "the newest verified one"}},
                         {{"archive", "emr_20261020T083000Z_PC.zip"},
                          {"verdict", "delete"},
                          {"reason",
                           "older than everything that the policy of the dataset "
                           "asks to be kept"}}}},
                       {"more", false}};
  CHECK(retention_report(answer, {}) ==
        "Verdict  Archive                      Because it is\n"
        "keep     emr_20261120T083000Z_PC.zip  the newest verified one\n"
        "delete   emr_20261020T083000Z_PC.zip  older than everything that the policy of\n"
        "                                      the dataset asks to be kept\n"
        "1 would stay, 1 would go.\n");
}

TEST_CASE("An answer that lacks what it must have is refused") {
  CHECK_THROWS_AS(run_line(json{{"record", json::object()}}), json::exception);
  const FakeTimeZone zone(std::chrono::hours(0));
  CHECK_THROWS_AS(history_report(json::object(), {.now = {}, .zone = zone}), json::exception);
  CHECK_THROWS_AS(retention_report(json{{"decisions", {1}}}, {}), json::exception);
}

TEST_CASE("Where archives go to a cloud the list says how far each is") {
  json uploaded = {{"archive", "a.zip"},  {"taken_at", "2026-11-20T10:00:00Z"},
                   {"check", "verified"}, {"bytes", 1000},
                   {"host", "PC"},        {"cloud", "uploaded"}};
  json local = uploaded;
  local["archive"] = "b.zip";
  local.erase("cloud");
  const json answer = {{"archives", json::array({uploaded, local})}, {"more", false}};
  const FakeTimeZone zone(std::chrono::hours(1));
  CHECK(archives_report(answer, {.now = time_from("2026-11-20T12:00:00Z"), .zone = zone}) ==
        "Local time        Age          Check     Cloud        Size  Host  Reason\n"
        "2026-11-20 11:00  2 hours ago  verified  uploaded  1.00 KB  PC\n"
        "    a.zip\n"
        "2026-11-20 11:00  2 hours ago  verified  -         1.00 KB  PC\n"
        "    b.zip\n");
}

}  // namespace
}  // namespace holdfast
