#include <sched.h>
#include <unistd.h>

#include <cstddef>

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

// Those that the program was given when it first asked.
const cpu_set_t& all_processors() {
  static const cpu_set_t all = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(::getpid(), sizeof set, &set);
    return set;
  }();
  return all;
}

cpu_set_t processors(WorkPriority priority) {
  cpu_set_t set = all_processors();
  if (priority != WorkPriority::Background || CPU_COUNT(&set) < 2) return set;
  for (std::size_t number = 0; number < CPU_SETSIZE; ++number) {
    if (!CPU_ISSET(number, &set)) continue;
    CPU_CLR(number, &set);
    break;
  }
  return set;
}

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  current = priority;
  const bool background = priority == WorkPriority::Background;
  const sched_param no_level{};
  ::sched_setscheduler(kCallingThread, policy(priority), &no_level);
  const cpu_set_t allowed = processors(priority);
  ::sched_setaffinity(kCallingThread, sizeof allowed, &allowed);
  ::syscall(SYS_ioprio_set, kOneThread, kCallingThread, background ? kIdleClass : 0);
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
