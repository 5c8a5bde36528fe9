#include "service/platform/windows_event_log.h"

#include <algorithm>
#include <string>

#include <spdlog/spdlog.h>

#include "common/utf16.h"
#include "common/windows_error.h"

namespace holdfast {
namespace {

enum class Severity : DWORD { Information = 1, Warning = 2, Error = 3 };

Severity severity(EventId id) {
  return static_cast<Severity>(static_cast<DWORD>(id) / 1000);
}

WORD event_type(EventId id) {
  switch (severity(id)) {
    case Severity::Information: return EVENTLOG_INFORMATION_TYPE;
    case Severity::Warning: return EVENTLOG_WARNING_TYPE;
    case Severity::Error: break;
  }
  return EVENTLOG_ERROR_TYPE;
}

}  // namespace

DWORD message_identifier(EventId id) {
  return static_cast<DWORD>(severity(id)) << 30 | static_cast<DWORD>(id);
}

WindowsEventLog::WindowsEventLog() : source_(::RegisterEventSourceW(nullptr, L"Holdfast")) {
  if (source_ == nullptr) {
    spdlog::warn("Cannot open the Event Log: {}. Events go to this log only.",
                 windows_error_text(::GetLastError()));
  }
}

WindowsEventLog::~WindowsEventLog() {
  if (source_ != nullptr) ::DeregisterEventSource(source_);
}

void WindowsEventLog::report(const Event& event) noexcept {
  try {
    spdlog::info("event {}: {}", static_cast<unsigned>(event.id), fmt::join(event.strings, " | "));
    if (source_ == nullptr) return;
    std::vector<std::wstring> strings(event.strings.size());
    std::transform(event.strings.begin(), event.strings.end(), strings.begin(), to_utf16);
    std::vector<const wchar_t*> pointers(strings.size());
    std::transform(strings.begin(), strings.end(), pointers.begin(),
                   [](const std::wstring& text) { return text.c_str(); });
    if (!::ReportEventW(source_, event_type(event.id), 0, message_identifier(event.id), nullptr,
                        static_cast<WORD>(pointers.size()), 0, pointers.data(), nullptr)) {
      spdlog::warn("Cannot write event {} to the Event Log: {}.", static_cast<unsigned>(event.id),
                   windows_error_text(::GetLastError()));
    }
  } catch (const std::exception& failure) {
    spdlog::warn("Cannot report an event: {}", failure.what());
  }
}

}  // namespace holdfast
