#pragma once

#include <vector>

#include "common/clock.h"

namespace holdfast {

// Stands still until a test moves it, or something waits.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start) : now_(start) {}

  Time now() const override { return now_; }
  void wait(std::chrono::milliseconds duration, const std::stop_token&) const override {
    waited_.push_back(duration);
    now_ += std::chrono::ceil<std::chrono::seconds>(duration);
  }
  void advance(std::chrono::seconds by) { now_ += by; }
  // How long it was waited for, each time.
  const std::vector<std::chrono::milliseconds>& waited() const { return waited_; }

 private:
  mutable Time now_;
  mutable std::vector<std::chrono::milliseconds> waited_;
};

}  // namespace holdfast
