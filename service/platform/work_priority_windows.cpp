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

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  const HANDLE thread = ::GetCurrentThread();
  if (current == WorkPriority::Background) ::SetThreadPriority(thread, THREAD_MODE_BACKGROUND_END);
  ::SetThreadPriority(thread, windows_priority(priority));
  current = priority;
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
