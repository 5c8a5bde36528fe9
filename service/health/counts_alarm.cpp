#include "service/health/counts_alarm.h"

#include <algorithm>

namespace holdfast {
namespace {

// What is left of the count, in per cent; less than nothing for one that is gone.
double percent_left(const CountDrop& drop) {
  if (!drop.now) return -1;
  return std::max(0.0, static_cast<double>(*drop.now) * 100 / static_cast<double>(drop.before));
}

// Multiplied, not divided, so that a drop by just the limit is told from one by more.
bool dropped(std::int64_t before, std::int64_t now, int max_drop_percent) {
  return (static_cast<double>(before) - static_cast<double>(now)) * 100 >
         static_cast<double>(before) * max_drop_percent;
}

}  // namespace

std::vector<CountDrop> counts_alarm(const std::map<std::string, std::int64_t>& before,
                                    const std::map<std::string, std::int64_t>& now,
                                    int max_drop_percent) {
  std::vector<CountDrop> drops;
  for (const auto& [name, value] : before) {
    if (value <= 0) continue;
    const auto found = now.find(name);
    if (found == now.end()) {
      drops.push_back({name, value, std::nullopt});
    } else if (dropped(value, found->second, max_drop_percent)) {
      drops.push_back({name, value, found->second});
    }
  }
  std::stable_sort(drops.begin(), drops.end(), [](const CountDrop& a, const CountDrop& b) {
    return percent_left(a) < percent_left(b);
  });
  return drops;
}

}  // namespace holdfast
