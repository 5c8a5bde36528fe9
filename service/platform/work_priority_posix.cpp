#include <unistd.h>

#include <sys/resource.h>
#include <sys/syscall.h>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

thread_local WorkPriority current = WorkPriority::Normal;

constexpr int kBackgroundNice = 10;
// The kernel's own numbers, which no header has: IOPRIO_WHO_PROCESS, and the idle class.
constexpr int kOneThread = 1;
constexpr int kIdleClass = 3 << 13;

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  current = priority;
  const bool background = priority == WorkPriority::Background;
  const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, thread, background ? kBackgroundNice : 0);
  ::syscall(SYS_ioprio_set, kOneThread, 0, background ? kIdleClass : 0);
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
