#include "service/health/overall_status.h"

#include <algorithm>
#include <utility>

namespace holdfast {

Status overall_status(std::vector<DatasetStatus> datasets, ServicePhase phase, Time now) {
  Status status{.phase = phase, .as_of = now};
  if (datasets.empty()) {
    status.health = Health::None;
    status.headline = "No database is protected yet.";
    return status;
  }
  const auto worst = std::max_element(
      datasets.begin(), datasets.end(),
      [](const DatasetStatus& a, const DatasetStatus& b) { return a.health < b.health; });
  status.health = worst->health;
  status.headline = worst->title + ": " + worst->headline;
  status.datasets = std::move(datasets);
  return status;
}

}  // namespace holdfast
