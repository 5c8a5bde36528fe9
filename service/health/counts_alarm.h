#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace holdfast {

constexpr int kAlarmOnDropPercent = 20;

// A count of the data that fell too far, or that could no longer be taken (no `now`).
struct CountDrop {
  std::string name;
  std::int64_t before = 0;
  std::optional<std::int64_t> now;

  bool operator==(const CountDrop&) const = default;
};

// The counts that dropped by more than `max_drop_percent` since the last good archive, or that are
// gone, the worst first. What was 0 or less before cannot drop, and a count that is new proves
// nothing. The caller leaves out of `before` what is no longer configured.
std::vector<CountDrop> counts_alarm(const std::map<std::string, std::int64_t>& before,
                                    const std::map<std::string, std::int64_t>& now,
                                    int max_drop_percent = kAlarmOnDropPercent);

}  // namespace holdfast
