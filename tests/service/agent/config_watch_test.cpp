#include "service/agent/config_watch.h"

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/recording_event_log.h"

namespace holdfast {
namespace {

constexpr const char* kGood = R"({"version": 1, "datasets": [{"id": "emr", "title": "EMR",
  "database": "C:\\data\\clinic.db", "destination": {"folder": "D:\\Backups"},
  "schedule": {"every": "4h"}}]})";

struct Fixture {
  std::string text = kGood;
  RecordingEventLog events;
  ConfigWatch watch{[this]() -> ConfigSources {
                      if (text.empty()) {
                        throw Error(ErrorCode::NotFound, "There is no config.json.", "Make one.");
                      }
                      return {.machine = text};
                    },
                    "config.json", events};
};

TEST_CASE_METHOD(Fixture, "A configuration is taken once, and again when it is another") {
  const auto first = watch.poll();
  REQUIRE(first);
  CHECK(first->datasets.at(0).dataset.id == "emr");
  CHECK_FALSE(watch.poll());
  text.replace(text.find("4h"), 2, "2h");
  const auto second = watch.poll();
  REQUIRE(second);
  CHECK(std::get<Every>(second->datasets.at(0).dataset.schedule).interval == std::chrono::hours(2));
  CHECK(watch.fault().empty());
  CHECK(events.events.empty());
}

TEST_CASE_METHOD(Fixture, "A broken edit is told once, with its place, and nothing is taken") {
  REQUIRE(watch.poll());
  text.replace(text.find("4h"), 2, "4x");
  CHECK_FALSE(watch.poll());
  CHECK_FALSE(watch.poll());
  CHECK(watch.fault().find("config.json:3:25: datasets[0].schedule.every:") == 0);
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::ConfigurationRejected);
  CHECK(events.events[0].strings.at(0) == watch.fault());
  text = kGood;
  CHECK(watch.poll());
  CHECK(watch.fault().empty());
  REQUIRE(events.events.size() == 2);
  CHECK(events.events[1].id == EventId::ConfigurationTaken);
}

TEST_CASE_METHOD(Fixture,
                 "A configuration that cannot be read changes nothing, and is taken again later") {
  REQUIRE(watch.poll());
  text.clear();
  CHECK_FALSE(watch.poll());
  CHECK(watch.fault() == "There is no config.json. Make one.");
  text = kGood;
  CHECK(watch.poll());
  CHECK(watch.fault().empty());
}

}  // namespace
}  // namespace holdfast
