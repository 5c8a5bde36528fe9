#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace holdfast {

// Rung by one thread to wake another. A thread that nobody waits for shares it: it may still be
// ringing when the test is over.
class Bell {
 public:
  void ring() {
    const std::scoped_lock lock(mutex_);
    has_rung_ = true;
    rung_.notify_all();
  }

  // Whether it rang by then, since this was asked last.
  bool wait_until(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    const bool has_rung = rung_.wait_until(lock, deadline, [this] { return has_rung_; });
    has_rung_ = false;
    return has_rung;
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
  bool has_rung_ = false;
};

}  // namespace holdfast
