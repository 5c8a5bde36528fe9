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

}  // namespace
}  // namespace holdfast
