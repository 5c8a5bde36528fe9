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

TEST_CASE("Background work leaves one processor to other programs") {
  int waited_for = 0;
  int in_background = 0;
  std::thread([&] {
    const auto processors = [](WorkPriority priority) {
      set_thread_priority(priority);
      cpu_set_t set;
      CPU_ZERO(&set);
      return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
    };
    waited_for = processors(WorkPriority::Waited);
    in_background = processors(WorkPriority::Background);
    CHECK(processors(WorkPriority::Waited) == waited_for);
  }).join();
  if (waited_for == 1) SKIP("there is only one processor here");
  CHECK(waited_for > 1);
  CHECK(in_background == waited_for - 1);
}

}  // namespace
}  // namespace holdfast
