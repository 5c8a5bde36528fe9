#include "service/health/overall_status.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("A service that guards nothing says so and does not look protected") {
  const Status status = overall_status({}, {}, ServicePhase::Running, Time{});
  CHECK(status.health == Health::None);
  CHECK(status.headline == "No database is protected yet.");
}

TEST_CASE("Overall health is that of the worst dataset, wherever it stands") {
  const DatasetStatus good{"a", "A", Health::Protected, "backed up 2 h ago"};
  const DatasetStatus stale{"b", "B", Health::Stale, "last backed up 3 days ago"};
  const DatasetStatus damaged{"c", "C", Health::Damaged, "the database is damaged"};
  const auto overall = [](std::vector<DatasetStatus> datasets) {
    return overall_status(std::move(datasets), {}, ServicePhase::Running, Time{});
  };
  CHECK(overall({good}).health == Health::Protected);
  CHECK(overall({good, stale}).health == Health::Stale);
  CHECK(overall({damaged, stale, good}).health == Health::Damaged);
  CHECK(overall({good, damaged, stale}).headline == "C: the database is damaged");
  CHECK(overall({good, damaged, stale}).datasets.size() == 3);
}

TEST_CASE("A fault of the service asks for attention where all datasets are well") {
  const std::vector<std::string> faults{"config.json:3: Why.", "More."};
  const auto overall = [&](std::vector<DatasetStatus> datasets) {
    return overall_status(std::move(datasets), faults, ServicePhase::Running, Time{});
  };
  const Status well = overall({{"a", "A", Health::Protected, "Backed up 2 h ago."}});
  CHECK(well.health == Health::Attention);
  CHECK(well.headline == "config.json:3: Why.");
  CHECK(well.faults == faults);
  const Status failed = overall({{"a", "A", Health::Failed, "The last backup failed."}});
  CHECK(failed.health == Health::Failed);
  CHECK(failed.headline == "A: The last backup failed.");
  const Status nothing = overall({});
  CHECK(nothing.health == Health::None);
  CHECK(nothing.headline == "config.json:3: Why.");
}

}  // namespace
}  // namespace holdfast
