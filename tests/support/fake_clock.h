#pragma once

#include "common/clock.h"

namespace holdfast {

// Stands still until a test moves it.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time start) : now_(start) {}

  Time now() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }

 private:
  Time now_;
};

}  // namespace holdfast
