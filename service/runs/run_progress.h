#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace holdfast {

// How far a run has come, of whatever kind it is.
struct RunProgress {
  std::string phase;
  std::uint64_t done_bytes = 0;
  std::uint64_t total_bytes = 0;  // 0 where that is not known
  bool can_be_cancelled = true;   // a restore is past its point of no return
};
using OnRunProgress = std::function<void(const RunProgress&)>;

}  // namespace holdfast
