#pragma once

#include <mutex>
#include <utility>
#include <vector>

namespace holdfast {

// What one thread leaves for another, in its order. All of it may be called from any thread.
template <typename Item>
class Inbox {
 public:
  void put(Item item) {
    const std::scoped_lock lock(mutex_);
    items_.push_back(std::move(item));
  }

  std::vector<Item> take_all() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(items_, {});
  }

 private:
  // It stands between the two threads.
  std::mutex mutex_;
  std::vector<Item> items_;
};

}  // namespace holdfast
