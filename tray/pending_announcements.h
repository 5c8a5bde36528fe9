#pragma once

#include <deque>
#include <functional>

#include "tray/announcement_choice.h"

namespace holdfast {

// What is to pop up and has not yet, because the taskbar was away or did not take it. Pure.
class PendingAnnouncements {
 public:
  void add(const Announcement& announcement) { waiting_.push_back(announcement); }

  // Tells what waits in its order, and keeps all from the first on that was not taken. Returns
  // whether nothing waits any more.
  bool tell(const std::function<bool(const Announcement&)>& is_taken) {
    while (!waiting_.empty() && is_taken(waiting_.front())) waiting_.pop_front();
    return waiting_.empty();
  }

 private:
  std::deque<Announcement> waiting_;
};

}  // namespace holdfast
