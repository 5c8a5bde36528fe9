#pragma once

#include <windows.h>

#include "service/platform/event_log.h"

namespace holdfast {

// The identifier under which the message compiler files an event: its number and, in the top bits,
// the severity that its thousand stands for (1 information, 2 warning, 3 error).
DWORD message_identifier(EventId id);

// The Application log, source "Holdfast" (registered by the installer).
class WindowsEventLog final : public EventLog {
 public:
  WindowsEventLog();
  ~WindowsEventLog() override;
  WindowsEventLog(const WindowsEventLog&) = delete;
  WindowsEventLog& operator=(const WindowsEventLog&) = delete;

  void report(const Event& event) noexcept override;

 private:
  HANDLE source_;
};

}  // namespace holdfast
