#include "service/triggers/trigger_gate.h"

#include <random>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::chrono_literals;
using Database = TriggerGate::Database;

const Time start = time_from("2026-11-20T17:00:00Z");

// One moment: the time since start, what fires then, and whether a run is due.
struct Moment {
  std::chrono::seconds at;
  std::string fires;  // empty: the gate is only asked
  bool due = false;
  Database database = Database::Quiet;
};

TEST_CASE("A run is due when the triggers are quiet, at the latest five minutes after the first") {
  struct Case {
    std::string what;
    std::vector<Moment> moments;
    std::string causes;
  };
  const std::vector<Case> cases{
      {"nothing fired", {{0s, ""}, {24h, ""}}, ""},
      {"one", {{0s, "startup"}, {0s, ""}, {9s, ""}, {10s, "", true}, {20s, "", true}}, "startup"},
      {"two together",
       {{0s, "app_closes"}, {1s, "query_changes"}, {10s, ""}, {11s, "", true}},
       "app_closes, query_changes"},
      {"one again and again",
       {{0s, "query_changes"}, {9s, "query_changes"}, {18s, ""}, {19s, "", true}},
       "query_changes"},
      {"never quiet",
       {{0s, "a"}, {60s, "b"}, {120s, "a"}, {295s, "b"}, {299s, ""}, {300s, "", true}},
       "a, b"},
      {"asked late", {{0s, "a"}, {24h, "", true}}, "a"},
      {"the application closed, and something still writes",
       {{0s, "app_closes"}, {9s, "", false, Database::Changed}, {18s, "", false}, {19s, "", true}},
       "app_closes"},
      {"the application closed, and something writes on and on",
       {{0s, "app_closes"},
        {100s, "", false, Database::Changed},
        {299s, "", false, Database::Changed},
        {300s, "", true, Database::Changed}},
       "app_closes"},
      {"who writes is nobody's business while the application runs",
       {{0s, "query_changes"},
        {9s, "", false, Database::Changed},
        {10s, "", true, Database::Changed}},
       "query_changes"},
      {"a write before the application closed", {{0s, "", false, Database::Changed}}, ""},
      {"a clock put back by an hour",
       {{0s, "a"}, {5s, ""}, {5s - 1h, ""}, {9s - 1h, ""}, {10s - 1h, "", true}},
       "a"},
      {"a clock put back before the first, which fires again",
       {{0s, "a"}, {-1h, "b"}, {9s - 1h, ""}, {10s - 1h, "", true}},
       "a, b"},
      {"never quiet, on a clock that was put back",
       {{0s, "a"}, {200s, "a"}, {200s - 1h, "a"}, {299s - 1h, "a"}, {300s - 1h, "", true}},
       "a"},
      {"a clock put back again and again",
       {{0s, "a"}, {6s, ""}, {-1h, ""}, {3s - 1h, ""}, {-2h, ""}, {1s - 2h, "", true}},
       "a"},
      {"a clock that jumps far ahead, and back",
       {{0s, "a"}, {87600h, "", true}, {1s, "", true}},
       "a"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.what);
    TriggerGate gate;
    for (const Moment& moment : test.moments) {
      CAPTURE(moment.at.count());
      if (!moment.fires.empty()) gate.fired(start + moment.at, moment.fires);
      if (moment.fires.empty()) CHECK(gate.due(start + moment.at, moment.database) == moment.due);
    }
    CHECK(gate.causes() == test.causes);
    CHECK(gate.is_waiting() == !test.causes.empty());
  }
}

TEST_CASE("After a run has begun, only what fires from then on asks for another") {
  TriggerGate gate;
  gate.fired(start, "startup");
  REQUIRE(gate.due(start + 10s));
  gate.reset();
  for (const std::chrono::seconds at : {10s, 300s, 1000000s, -3600s}) {
    CHECK_FALSE(gate.due(start + at, Database::Changed));
  }
  CHECK(gate.causes().empty());
  gate.fired(start + 20s, "query_changes");
  CHECK_FALSE(gate.due(start + 29s));
  CHECK(gate.due(start + 30s));
  CHECK(gate.causes() == "query_changes");
}

TEST_CASE("However the clock jumps, each request becomes one run, and in its time") {
  std::mt19937 random(5);
  const auto below = [&random](unsigned end) {
    return std::chrono::seconds(static_cast<unsigned>(random()) % end);
  };
  for (int round = 0; round < 2000; ++round) {
    CAPTURE(round);
    TriggerGate gate;
    Time now = start;
    gate.fired(now, "a");
    std::chrono::seconds waited = 0s;  // in truth
    std::chrono::seconds hidden = 0s;  // between two questions, by a jump
    while (!gate.due(now)) {
      const std::chrono::seconds passed = below(5);
      waited += passed;
      now += passed;
      if (below(20) == 0s) {
        now -= below(1'000'000) + passed;
        hidden += passed;
      }
      if (below(500) == 0s) now += below(1'000'000);
      if (below(10) == 0s) gate.fired(now, "b");
      REQUIRE(waited <= 305s + hidden);
    }
    REQUIRE(gate.due(now - 1h));
    REQUIRE(gate.due(now));
    gate.reset();
    REQUIRE_FALSE(gate.due(now + 24h));
  }
}

}  // namespace
}  // namespace holdfast
