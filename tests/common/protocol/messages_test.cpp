#include "common/protocol/messages.h"

#include <set>

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

namespace holdfast {
namespace {

using nlohmann::json;

Status a_status() {
  return {.health = Health::Stale,
          .headline = "Clinic: the last backup is 30 h old.",
          .phase = ServicePhase::Stopping,
          .datasets = {{"clinic", "Clinic", Health::Stale, "The last backup is 30 h old."}},
          .as_of = time_from("2026-11-20T10:00:00Z")};
}

TEST_CASE("A status goes over the wire and comes back the same") {
  const json sent = a_status();
  const Status read = status_from(json::parse(sent.dump()));
  CHECK(json(read) == sent);
  CHECK(read.health == Health::Stale);
  CHECK(read.phase == ServicePhase::Stopping);
  CHECK(read.datasets.at(0).title == "Clinic");
}

TEST_CASE("What a dataset's user wants to be told is said where it is not failures") {
  Status status = a_status();
  CHECK(!json(status).at("datasets").at(0).contains("notify"));
  CHECK(status_from(json(status)).datasets.at(0).notify == "failures");
  status.datasets.at(0).notify = "all";
  CHECK(status_from(json(status)).datasets.at(0).notify == "all");
}

TEST_CASE("A status from a newer service keeps what is known and ignores the rest") {
  json sent = a_status();
  sent["forecast"] = "sunny";
  CHECK(status_from(sent).headline == "Clinic: the last backup is 30 h old.");
}

TEST_CASE("A health that is not known is never shown as protected") {
  json sent = a_status();
  sent["health"] = "splendid";
  CHECK(alert(status_from(sent).health) == Alert::AtRisk);
}

TEST_CASE("A status with something missing is refused") {
  for (const char* key : {"health", "headline", "phase", "datasets", "as_of"}) {
    CAPTURE(key);
    json sent = a_status();
    sent.erase(key);
    CHECK_THROWS_AS(status_from(sent), json::exception);
  }
}

TEST_CASE("Every health has a name of its own, and none but protected and working is fine") {
  std::set<std::string_view> names;
  for (int value = 0; value <= static_cast<int>(Health::Damaged); ++value) {
    const auto health = static_cast<Health>(value);
    names.insert(name(health));
    const bool fine = health == Health::Protected || health == Health::Working;
    CHECK((alert(health) == Alert::Fine) == fine);
  }
  CHECK(names.size() == 8);
}

}  // namespace
}  // namespace holdfast
