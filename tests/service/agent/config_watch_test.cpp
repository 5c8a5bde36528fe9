#include "service/agent/config_watch.h"

#include <map>

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
  std::map<std::string, std::string> users;
  Policies policies;
  RecordingEventLog events;
  ConfigWatch watch{[this]() -> ConfigSources {
                      if (text.empty()) {
                        throw Error(ErrorCode::NotFound, "There is no config.json.", "Make one.");
                      }
                      return {.machine = text, .users = users, .policies = policies};
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

TEST_CASE_METHOD(Fixture, "A user's dataset that is left out is told, to that user, once") {
  users["S-1-5-21-7"] = R"({"version": 1, "datasets": [{"id": "own"}]})";
  users["S-1-5-21-8"] = R"({"version": 1, "datasets": []})";
  CHECK(watch.poll());
  CHECK(watch.fault().empty());
  REQUIRE(watch.left_out().size() == 1);
  const std::string fault = watch.left_out().at("S-1-5-21-7");
  CHECK(fault.starts_with("What this user added is not protected: S-1-5-21-7.json:1:"));
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::PartLeftOut);
  CHECK(events.events[0].strings == std::vector<std::string>{fault});
  CHECK(events.events[0].owner == "S-1-5-21-7");
  users["S-1-5-21-8"] += "\n";
  CHECK(watch.poll());
  CHECK(events.events.size() == 1);
  users.erase("S-1-5-21-7");
  CHECK(watch.poll());
  CHECK(watch.left_out().empty());
  REQUIRE(events.events.size() == 2);
  CHECK(events.events[1].id == EventId::ConfigurationTaken);
}

TEST_CASE_METHOD(Fixture, "A policy that is left out is told to administrators, once") {
  policies["keep.lats"] = std::int64_t{3};
  CHECK(watch.poll());
  policies["keep.last"] = std::int64_t{30};
  CHECK(watch.poll());
  REQUIRE(events.events.size() == 1);
  CHECK(events.events[0].id == EventId::PartLeftOut);
  CHECK(events.events[0].strings.at(0).starts_with("Left out: policy: keep.lats:"));
  CHECK(events.events[0].owner == "S-1-5-32-544");
  CHECK(watch.fault().empty());
  policies.erase("keep.lats");
  CHECK(watch.poll());
  REQUIRE(events.events.size() == 2);
  CHECK(events.events[1].id == EventId::ConfigurationTaken);
}

}  // namespace
}  // namespace holdfast
