#include "service/command_line/run_texts.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

TEST_CASE("A run that made an archive is told by it, and any other by the reason") {
  const json verified = {
      {"record", {{"dataset", "emr"}, {"outcome", "verified"}, {"archive", "emr_1.zip"}}}};
  CHECK(run_line(verified) == "Verified: emr_1.zip (emr)");
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

TEST_CASE("The history has a line for each run, and says when there is more or none") {
  const json run = {{"dataset", "emr"},
                    {"cause", "schedule"},
                    {"started_at", "2026-11-20T10:00:00Z"},
                    {"outcome", "failed"},
                    {"sentence", "The disk is full.\nFree\tsome."}};
  CHECK(history_report({{"runs", {run}}, {"more", true}}) ==
        "2026-11-20T10:00:00Z  failed       emr  schedule      "
        "The disk is full.?Free?some.\nThere are more.\n");
  CHECK(history_report({{"runs", json::array()}, {"more", false}}) == "There was no run yet.\n");
}

TEST_CASE("What was accepted is told with its numbers") {
  CHECK(acceptance_report({{"dataset", "emr"}, {"counts", {{"patients", 50}, {"visits", 7}}}}) ==
        "Accepted: emr (50 patients, 7 visits)\n");
}

TEST_CASE("What retention would do is told line by line, with the reason") {
  const json answer = {
      {"decisions",
       {{{"archive", "a.zip"}, {"verdict", "keep"}, {"reason", "the newest verified one"}},
        {{"archive", "b.zip"}, {"verdict", "delete"}, {"reason", "older than what is kept"}}}},
      {"more", false}};
  CHECK(retention_report(answer) ==
        "keep    a.zip  because it is the newest verified one\n"
        "delete  b.zip  because it is older than what is kept\n");
}

TEST_CASE("An answer that lacks what it must have is refused") {
  CHECK_THROWS_AS(run_line(json{{"record", json::object()}}), json::exception);
  CHECK_THROWS_AS(history_report(json::object()), json::exception);
  CHECK_THROWS_AS(retention_report(json{{"decisions", {1}}}), json::exception);
}

}  // namespace
}  // namespace holdfast
