#include "tray/tray_app.h"

#include <windows.h>
#include <shellapi.h>
#include <version.h>
#include <windowsx.h>

#include <spdlog/spdlog.h>

#include "common/protocol/connect_to_service.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/instance.h"
#include "tray/resource.h"
#include "tray/tray_menu.h"

namespace holdfast {
namespace {

constexpr UINT kIconMessage = WM_APP + 2;
constexpr UINT kServiceMessage = WM_APP + 3;

constexpr UINT_PTR kFrameTimer = 1;
constexpr UINT kFrameMilliseconds = 125;
constexpr UINT_PTR kRetryTimer = 2;
constexpr UINT kRetryMilliseconds = 2000;

constexpr std::chrono::seconds kConnectDeadline{2};

std::unique_ptr<ServiceConnection> open_connection() {
  return connect_to_service("holdfast-tray " HOLDFAST_VERSION, kConnectDeadline);
}

HWND create_window(WNDPROC procedure) {
  const HINSTANCE program = ::GetModuleHandleW(nullptr);
  const WNDCLASSEXW window_class{.cbSize = sizeof window_class,
                                 .lpfnWndProc = procedure,
                                 .hInstance = program,
                                 .hIcon = ::LoadIconW(program, MAKEINTRESOURCEW(ICON_HOLDFAST)),
                                 .lpszClassName = kTrayWindowClass};
  ::RegisterClassExW(&window_class);
  // Not a message-only window: those hear neither of a new taskbar nor of changed settings.
  const HWND window = ::CreateWindowExW(WS_EX_TOOLWINDOW, kTrayWindowClass, L"Holdfast", WS_POPUP,
                                        0, 0, 0, 0, nullptr, nullptr, program, nullptr);
  if (window == nullptr) {
    throw windows_error("Cannot create the tray's window", ::GetLastError(), "Sign in again.");
  }
  return window;
}

}  // namespace

TrayApp::TrayApp()
    : taskbar_created_(::RegisterWindowMessageW(L"TaskbarCreated")),
      window_(create_window(&window_proc)),
      service_(&open_connection,
               [window = window_.get()] { ::PostMessageW(window, kServiceMessage, 0, 0); }),
      icon_(window_.get(), kIconMessage) {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
  show_state();
}

TrayApp::~TrayApp() {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, 0);
}

void TrayApp::run() {
  MSG message{};
  while (::GetMessageW(&message, nullptr, 0, 0) > 0) {
    ::TranslateMessage(&message);
    ::DispatchMessageW(&message);
  }
}

LRESULT CALLBACK TrayApp::window_proc(HWND window, UINT message, WPARAM first,
                                      LPARAM second) noexcept {
  auto* const app = reinterpret_cast<TrayApp*>(::GetWindowLongPtrW(window, GWLP_USERDATA));
  if (app != nullptr) {
    try {
      return app->handle(message, first, second);
    } catch (const std::exception& surprise) {
      spdlog::error("Message {:#x} failed: {}", message, surprise.what());
    }
  }
  return ::DefWindowProcW(window, message, first, second);
}

LRESULT TrayApp::handle(UINT message, WPARAM first, LPARAM second) {
  if (message == taskbar_created_) {
    icon_.follow_taskbar();
    icon_.add_again();
    keep_icon();
    return 0;
  }
  switch (message) {
    case kIconMessage:
      on_icon_event(LOWORD(second), {GET_X_LPARAM(first), GET_Y_LPARAM(first)});
      return 0;
    case kServiceMessage: show_state(); return 0;
    case kShowMessage: show_about(); return 0;
    case WM_COMMAND: on_command(static_cast<MenuCommand>(LOWORD(first))); return 0;
    case WM_TIMER: on_timer(first); return 0;
    case WM_SETTINGCHANGE:  // also carries "ImmersiveColorSet", the change of theme
    case WM_DISPLAYCHANGE:
    case WM_DPICHANGED: icon_.follow_taskbar(); break;
    case WM_CLOSE: end(); return 0;
    case WM_ENDSESSION:
      if (first != 0) end();
      return 0;
    default: break;
  }
  return ::DefWindowProcW(window_.get(), message, first, second);
}

void TrayApp::on_icon_event(UINT event, POINT place) {
  switch (event) {
    case WM_CONTEXTMENU:
    case NIN_SELECT:
    case NIN_KEYSELECT: open_menu(place); break;
    default: break;
  }
}

void TrayApp::on_command(MenuCommand command) {
  switch (command) {
    case MenuCommand::About: show_about(); break;
    case MenuCommand::Exit: end(); break;
    case MenuCommand::None: break;
  }
}

void TrayApp::show_about() {
  if (menu_is_open_) {
    // The menu would stay open below the dialog: first it closes, then this is tried again.
    ::EndMenu();
    ::PostMessageW(window_.get(), kShowMessage, 0, 0);
    return;
  }
  about_.show(about_text(service_.latest(), HOLDFAST_VERSION));
}

void TrayApp::on_timer(UINT_PTR timer) {
  if (timer == kFrameTimer) icon_.show_next_frame();
  if (timer == kRetryTimer) icon_.add_again();
  keep_icon();
}

void TrayApp::show_state() {
  view_ = status_view(service_.latest());
  icon_.show(view_.icon, view_.tooltip);
  ::SetWindowTextW(window_.get(), to_utf16(view_.tooltip).c_str());
  if (view_.icon == IconState::Working) {
    ::SetTimer(window_.get(), kFrameTimer, kFrameMilliseconds, nullptr);
  } else {
    ::KillTimer(window_.get(), kFrameTimer);
  }
  keep_icon();
}

void TrayApp::keep_icon() {
  if (icon_.is_shown()) {
    ::KillTimer(window_.get(), kRetryTimer);
  } else {
    ::SetTimer(window_.get(), kRetryTimer, kRetryMilliseconds, nullptr);
  }
}

void TrayApp::open_menu(POINT place) {
  // Enter on the icon arrives twice, the second time while the first menu is open.
  if (menu_is_open_) return;
  menu_is_open_ = true;
  show_menu(window_.get(), place, view_.menu);
  menu_is_open_ = false;
}

void TrayApp::end() {
  ::KillTimer(window_.get(), kFrameTimer);
  ::KillTimer(window_.get(), kRetryTimer);
  icon_.remove();
  about_.close();
  ::EndMenu();
  ::PostQuitMessage(0);
}

}  // namespace holdfast
