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

}  // namespace
}  // namespace holdfast
