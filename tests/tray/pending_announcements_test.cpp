#include "tray/pending_announcements.h"

#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("What was to pop up while the taskbar was away pops up when it is back") {
  PendingAnnouncements pending;
  std::vector<std::string> popped_up;
  bool is_taskbar_there = false;
  const auto taskbar = [&](const Announcement& announcement) {
    if (is_taskbar_there) popped_up.push_back(announcement.title);
    return is_taskbar_there;
  };
  pending.add({.title = "Not backed up"});
  CHECK(!pending.tell(taskbar));
  pending.add({.title = "The database is damaged"});
  CHECK(!pending.tell(taskbar));
  CHECK(popped_up.empty());
  is_taskbar_there = true;
  CHECK(pending.tell(taskbar));
  CHECK(popped_up == std::vector<std::string>{"Not backed up", "The database is damaged"});
  CHECK(pending.tell(taskbar));
  CHECK(popped_up.size() == 2);
}

}  // namespace
}  // namespace holdfast
