#include <sched.h>
#include <unistd.h>

#include <sys/syscall.h>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

thread_local WorkPriority current = WorkPriority::Normal;

// The kernel's own numbers, which no header has: IOPRIO_WHO_PROCESS, and the idle class.
constexpr int kOneThread = 1;
constexpr int kIdleClass = 3 << 13;
constexpr int kCallingThread = 0;

// A lower nice value would not do: who wakes up would wait all the same until a turn has ended.
int policy(WorkPriority priority) {
  switch (priority) {
    case WorkPriority::Waited: return SCHED_BATCH;
    case WorkPriority::Background: return SCHED_IDLE;
    case WorkPriority::Normal: break;
  }
  return SCHED_OTHER;
}

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  current = priority;
  const bool background = priority == WorkPriority::Background;
  const sched_param no_level{};
  ::sched_setscheduler(kCallingThread, policy(priority), &no_level);
  ::syscall(SYS_ioprio_set, kOneThread, kCallingThread, background ? kIdleClass : 0);
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
