#include "service/health/overall_status.h"

#include <algorithm>
#include <utility>

namespace holdfast {

Status overall_status(std::vector<DatasetStatus> datasets, std::vector<std::string> faults,
                      ServicePhase phase, Time now) {
  Status status{.phase = phase, .faults = std::move(faults), .as_of = now};
  if (datasets.empty()) {
    status.health = Health::None;
    status.headline =
        status.faults.empty() ? "No database is protected yet." : status.faults.front();
    return status;
  }
  const auto worst = std::max_element(
      datasets.begin(), datasets.end(),
      [](const DatasetStatus& a, const DatasetStatus& b) { return a.health < b.health; });
  status.health = worst->health;
  status.headline = worst->title + ": " + worst->headline;
  if (!status.faults.empty() && status.health < Health::Attention) {
    status.health = Health::Attention;
    status.headline = status.faults.front();
  }
  status.datasets = std::move(datasets);
  return status;
}

}  // namespace holdfast
