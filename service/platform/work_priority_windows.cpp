#include <windows.h>

#include "service/platform/work_priority.h"

namespace holdfast {
namespace {

thread_local WorkPriority current = WorkPriority::Normal;

}  // namespace

void set_thread_priority(WorkPriority priority) noexcept {
  if (priority == current) return;
  current = priority;
  ::SetThreadPriority(::GetCurrentThread(), priority == WorkPriority::Background
                                                ? THREAD_MODE_BACKGROUND_BEGIN
                                                : THREAD_MODE_BACKGROUND_END);
}

WorkPriority thread_priority() noexcept {
  return current;
}

}  // namespace holdfast
