#include <sched.h>

#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

TEST_CASE("Work gives way as far as it was told to, and can be told otherwise") {
  std::thread([] {
    const auto policy_of = [](WorkPriority priority) {
      set_thread_priority(priority);
      CHECK(thread_priority() == priority);
      return ::sched_getscheduler(0);
    };
    CHECK(policy_of(WorkPriority::Waited) == SCHED_BATCH);
    CHECK(policy_of(WorkPriority::Background) == SCHED_IDLE);
    CHECK(policy_of(WorkPriority::Waited) == SCHED_BATCH);
    CHECK(policy_of(WorkPriority::Normal) == SCHED_OTHER);
  }).join();
}

}  // namespace
}  // namespace holdfast
