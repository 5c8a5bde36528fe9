#pragma once

#include <windows.h>

#include "tray/window_layout.h"

namespace holdfast {

// What the taskbar leaves of the screen that a window is on, or nearest to.
inline RECT work_area(HWND window) {
  MONITORINFO monitor{.cbSize = sizeof monitor};
  ::GetMonitorInfoW(::MonitorFromWindow(window, MONITOR_DEFAULTTONEAREST), &monitor);
  return monitor.rcWork;
}

inline Extent extent(const RECT& area) {
  return {.width = static_cast<int>(area.right - area.left),
          .height = static_cast<int>(area.bottom - area.top)};
}

}  // namespace holdfast
