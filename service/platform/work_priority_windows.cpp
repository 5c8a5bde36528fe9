#include <windows.h>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

thread_local WorkPriority current = WorkPriority::Normal;

int windows_priority(WorkPriority priority) {
  switch (priority) {
    case WorkPriority::Waited: return THREAD_PRIORITY_BELOW_NORMAL;
    case WorkPriority::Background: return THREAD_MODE_BACKGROUND_BEGIN;
    case WorkPriority::Normal: break;
  }
  return THREAD_PRIORITY_NORMAL;
}

// Nothing when the system does not tell them: they lie in several groups.
DWORD_PTR processors(WorkPriority priority) {
  DWORD_PTR all = 0;
  DWORD_PTR of_system = 0;
  if (!::GetProcessAffinityMask(::GetCurrentProcess(), &all, &of_system)) return 0;
  const DWORD_PTR without_first = all & (all - 1);
  return priority == WorkPriority::Background && without_first != 0 ? without_first : all;
}

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  const HANDLE thread = ::GetCurrentThread();
  if (current == WorkPriority::Background) ::SetThreadPriority(thread, THREAD_MODE_BACKGROUND_END);
  ::SetThreadPriority(thread, windows_priority(priority));
  if (const DWORD_PTR allowed = processors(priority)) ::SetThreadAffinityMask(thread, allowed);
  current = priority;
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
