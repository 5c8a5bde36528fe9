#include <windows.h>

#include <thread>

#include <catch2/catch_test_macros.hpp>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

TEST_CASE("On Windows, what somebody waits for lets other programs go first") {
  std::thread([] {
    set_thread_priority(WorkPriority::Background);
    CHECK(thread_priority() == WorkPriority::Background);
    set_thread_priority(WorkPriority::Waited);
    CHECK(::GetThreadPriority(::GetCurrentThread()) == THREAD_PRIORITY_BELOW_NORMAL);
    set_thread_priority(WorkPriority::Normal);
    CHECK(::GetThreadPriority(::GetCurrentThread()) == THREAD_PRIORITY_NORMAL);
  }).join();
}

TEST_CASE("On Windows, background work leaves one processor to other programs") {
  std::thread([] {
    DWORD_PTR all = 0;
    DWORD_PTR of_system = 0;
    REQUIRE(::GetProcessAffinityMask(::GetCurrentProcess(), &all, &of_system));
    if ((all & (all - 1)) == 0) SKIP("there is only one processor here");
    // Setting a mask gives the one before.
    const auto processors = [all] { return ::SetThreadAffinityMask(::GetCurrentThread(), all); };
    set_thread_priority(WorkPriority::Background);
    CHECK(processors() == (all & (all - 1)));
    set_thread_priority(WorkPriority::Waited);
    CHECK(processors() == all);
  }).join();
}

}  // namespace
}  // namespace holdfast
