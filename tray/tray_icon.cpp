#include "tray/tray_icon.h"

#include <windows.h>
#include <shellapi.h>

#include <iterator>

#include "common/utf16.h"
#include "tray/line_text.h"
#include "tray/resource.h"

namespace holdfast {
namespace {

constexpr UINT kIconId = 1;
constexpr int kFrames = ICON_WORKING_7_LIGHT - ICON_WORKING_0_LIGHT + 1;

int resource_for(IconState state, int frame, TaskbarTheme theme) {
  const int offset = theme == TaskbarTheme::Dark ? ICON_DARK_OFFSET : 0;
  switch (state) {
    case IconState::Protected: return ICON_PROTECTED_LIGHT + offset;
    case IconState::Working: return ICON_WORKING_0_LIGHT + frame + offset;
    case IconState::Attention: return ICON_ATTENTION_LIGHT + offset;
    case IconState::AtRisk: return ICON_AT_RISK_LIGHT + offset;
    case IconState::Away: break;
  }
  return ICON_AWAY_LIGHT + offset;
}

DWORD info_flags(Announcement::Mark mark) {
  switch (mark) {
    case Announcement::Mark::Error: return NIIF_ERROR;
    case Announcement::Mark::Warning: return NIIF_WARNING;
    case Announcement::Mark::Information: break;
  }
  return NIIF_INFO;
}

}  // namespace

TrayIcon::TrayIcon(HWND window, UINT message)
    : window_(window), message_(message), style_(current_style()) {}

TrayIcon::~TrayIcon() {
  remove();
}

void TrayIcon::show(IconState state, const std::string& tooltip) {
  if (shown_ && state == state_ && tooltip == tooltip_) return;
  if (state != state_) frame_ = 0;
  state_ = state;
  tooltip_ = tooltip;
  tell_shell();
}

void TrayIcon::show_next_frame() {
  frame_ = (frame_ + 1) % kFrames;
  tell_shell();
}

void TrayIcon::add_again() {
  shown_ = false;
  tell_shell();
}

void TrayIcon::follow_taskbar() {
  const Style style = current_style();
  if (style == style_) return;
  style_ = style;
  // The shell keeps copies of its own.
  images_.clear();
  tell_shell();
}

void TrayIcon::announce(const Announcement& announcement) {
  pending_.add(announcement);
  tell_pending();
}

// A shell that does not take it gets the icon anew, and then what waits.
void TrayIcon::tell_pending() {
  if (!shown_) return;
  shown_ = pending_.tell(
      [this](const Announcement& announcement) { return is_taken_by_shell(announcement); });
}

bool TrayIcon::is_taken_by_shell(const Announcement& announcement) const {
  NOTIFYICONDATAW data{.cbSize = sizeof data, .hWnd = window_, .uID = kIconId, .uFlags = NIF_INFO};
  const auto copy = [](const std::string& text, wchar_t* room, std::size_t units) {
    const std::wstring fitting = to_utf16(fitted(text, units - 1));
    room[fitting.copy(room, units - 1)] = L'\0';
  };
  copy(announcement.title, data.szInfoTitle, std::size(data.szInfoTitle));
  copy(announcement.text, data.szInfo, std::size(data.szInfo));
  data.dwInfoFlags = info_flags(announcement.mark) | NIIF_RESPECT_QUIET_TIME;
  return ::Shell_NotifyIconW(NIM_MODIFY, &data) != FALSE;
}

void TrayIcon::remove() {
  if (!shown_) return;
  NOTIFYICONDATAW data{.cbSize = sizeof data, .hWnd = window_, .uID = kIconId};
  ::Shell_NotifyIconW(NIM_DELETE, &data);
  shown_ = false;
}

TrayIcon::Style TrayIcon::current_style() const {
  // The icon lies on the taskbar, whose monitor may be scaled differently from our window's.
  const HWND taskbar = ::FindWindowW(L"Shell_TrayWnd", nullptr);
  const UINT dpi = ::GetDpiForWindow(taskbar != nullptr ? taskbar : window_);
  return {.theme = taskbar_theme(),
          .size = ::GetSystemMetricsForDpi(SM_CXSMICON, dpi != 0 ? dpi : ::GetDpiForSystem())};
}

void TrayIcon::tell_shell() {
  NOTIFYICONDATAW data{.cbSize = sizeof data,
                       .hWnd = window_,
                       .uID = kIconId,
                       .uFlags = NIF_MESSAGE | NIF_ICON | NIF_TIP | NIF_SHOWTIP,
                       .uCallbackMessage = message_,
                       .hIcon = image()};
  to_utf16(tooltip_).copy(data.szTip, std::size(data.szTip) - 1);
  if (shown_ && ::Shell_NotifyIconW(NIM_MODIFY, &data)) return;
  // A shell that is slow to answer adds the icon and reports a failure all the same; then the icon
  // is there to be modified.
  shown_ = ::Shell_NotifyIconW(NIM_ADD, &data) || ::Shell_NotifyIconW(NIM_MODIFY, &data);
  data.uVersion = NOTIFYICON_VERSION_4;
  if (shown_) ::Shell_NotifyIconW(NIM_SETVERSION, &data);
  tell_pending();
}

HICON TrayIcon::image() {
  const int resource = resource_for(state_, frame_, style_.theme);
  IconHandle& image = images_[resource];
  if (!image) {
    image.reset(
        static_cast<HICON>(::LoadImageW(::GetModuleHandleW(nullptr), MAKEINTRESOURCEW(resource),
                                        IMAGE_ICON, style_.size, style_.size, LR_DEFAULTCOLOR)));
  }
  return image.get();
}

}  // namespace holdfast
