#pragma once

#include <chrono>
#include <cstdint>

namespace holdfast {

// Whether work still comes along, by an amount that grows as it does. Pure.
class StallWatch {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  StallWatch(Moment begin, std::chrono::milliseconds patience)
      : last_news_(begin), patience_(patience) {}

  // True once the amount has been the same for longer than there is patience.
  bool is_stalled(Moment now, std::uint64_t amount) {
    if (amount != amount_) {
      amount_ = amount;
      last_news_ = now;
    }
    return now - last_news_ > patience_;
  }

 private:
  std::uint64_t amount_ = 0;
  Moment last_news_;
  std::chrono::milliseconds patience_;
};

}  // namespace holdfast
