#include "tray/tray_app.h"

#include <windows.h>
#include <shellapi.h>
#include <windowsx.h>

#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "common/protocol/messages.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/backup_folder.h"
#include "tray/instance.h"
#include "tray/modal_scope.h"
#include "tray/one_drive_eyes.h"
#include "tray/report_page.h"
#include "tray/resource.h"
#include "tray/service_link.h"
#include "tray/setup_skipped.h"
#include "tray/tray_menu.h"

namespace holdfast {
namespace {

constexpr UINT kIconMessage = WM_APP + 2;
constexpr UINT kServiceMessage = WM_APP + 3;
constexpr UINT kToldMessage = WM_APP + 4;
constexpr UINT kAnswersMessage = WM_APP + 5;
constexpr UINT kFailureMessage = WM_APP + 6;

constexpr UINT_PTR kFrameTimer = 1;
constexpr UINT kFrameMilliseconds = 125;
constexpr UINT_PTR kRetryTimer = 2;
constexpr UINT kRetryMilliseconds = 2000;

constexpr int kEventRestoreFailed = 3110;

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
      service_(
          &open_tray_connection,
          [window = window_.get()] { ::PostMessageW(window, kServiceMessage, 0, 0); },
          [this, window = window_.get()](const Notification& told) {
            told_.put(told);
            ::PostMessageW(window, kToldMessage, 0, 0);
          }),
      calls_(&open_tray_connection,
             [window = window_.get()] { ::PostMessageW(window, kAnswersMessage, 0, 0); }),
      cloud_(&open_tray_connection, one_drive_eyes(), clock_),
      icon_(window_.get(), kIconMessage),
      windows_(calls_) {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, reinterpret_cast<LONG_PTR>(this));
  show_state();
}

TrayApp::~TrayApp() {
  ::SetWindowLongPtrW(window_.get(), GWLP_USERDATA, 0);
}

void TrayApp::run() {
  MSG message{};
  while (::GetMessageW(&message, nullptr, 0, 0) > 0) {
    if (TrayWindows::takes_key(message)) continue;
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
    case kToldMessage: take_what_was_told(); return 0;
    case kFailureMessage: take_failures(); return 0;
    case kAnswersMessage: calls_.deliver(); return 0;
    case kShowMessage: on_command(static_cast<int>(kDefaultCommand)); return 0;
    case WM_COMMAND: on_command(LOWORD(first)); return 0;
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
    case WM_CONTEXTMENU: open_menu(place); break;
    case NIN_SELECT:
    case NIN_KEYSELECT: on_command(static_cast<int>(kDefaultCommand)); break;
    case NIN_BALLOONUSERCLICK: open_announced(); break;
    default: break;
  }
}

void TrayApp::open_announced() {
  if (announced_.click == Announcement::Click::Nothing || ModalScope::bring_forward()) return;
  windows_.show_history(service_.latest(), announced_.dataset, HistoryWindow::Purpose::Look);
}

void TrayApp::on_command(int id) {
  const MenuLine* const line = line_with_id(menu_, id);
  if (line == nullptr || menu_gives_way(id) || about_gives_way(id)) return;
  // What was asked is answered first. A backup and the statistics need no window.
  if (line->command != MenuCommand::BackUpNow && line->command != MenuCommand::Report &&
      line->command != MenuCommand::Exit && ModalScope::bring_forward()) {
    return;
  }
  const ServiceState state = service_.latest();
  switch (line->command) {
    case MenuCommand::BackUpNow: back_up(line->dataset); break;
    case MenuCommand::Restore:
      windows_.show_history(state, line->dataset, HistoryWindow::Purpose::Restore);
      break;
    case MenuCommand::History:
      windows_.show_history(state, line->dataset, HistoryWindow::Purpose::Look);
      break;
    case MenuCommand::OpenFolder:
      open_backup_folder(calls_, this, line->dataset,
                         tell_of_failure("The backup folder cannot be opened"));
      break;
    case MenuCommand::Setup: windows_.show_setup(); break;
    case MenuCommand::Settings: windows_.show_settings(); break;
    case MenuCommand::Report: show_report(tell_of_failure("There are no statistics")); break;
    case MenuCommand::About: windows_.show_about(state); break;
    case MenuCommand::Exit: end(); break;
    case MenuCommand::None: break;
  }
}

bool TrayApp::menu_gives_way(int id) {
  if (!menu_is_open_) return false;
  ::EndMenu();
  ::PostMessageW(window_.get(), WM_COMMAND, static_cast<WPARAM>(id), 0);
  return true;
}

bool TrayApp::about_gives_way(int id) {
  if (!windows_.is_about_open()) return false;
  windows_.close_about();
  ::PostMessageW(window_.get(), WM_COMMAND, static_cast<WPARAM>(id), 0);
  return true;
}

void TrayApp::back_up(const std::string& dataset) {
  nlohmann::json question = nlohmann::json::object();
  if (!dataset.empty()) question["dataset"] = dataset;
  calls_.ask(this, method::kBackupStart, question, [this, dataset](const CallOutcome& outcome) {
    if (!outcome.failure) return;
    announce({.mark = Announcement::Mark::Error,
              .title = "The backup was not begun",
              .text = outcome.failure->line(),
              .dataset = dataset});
  });
}

std::function<void(const std::string&)> TrayApp::tell_of_failure(const std::string& title) {
  return [title, failures = failures_, window = window_.get()](const std::string& why) {
    failures->put({.mark = Announcement::Mark::Error,
                   .title = title,
                   .text = why,
                   .click = Announcement::Click::Nothing});
    ::PostMessageW(window, kFailureMessage, 0, 0);
  };
}

void TrayApp::take_failures() {
  for (const Announcement& failure : failures_->take_all()) announce(failure);
}

void TrayApp::on_timer(UINT_PTR timer) {
  if (timer == kFrameTimer) icon_.show_next_frame();
  if (timer == kRetryTimer) icon_.add_again();
  keep_icon();
}

void TrayApp::show_state() {
  const ServiceState state = service_.latest();
  view_ = status_view(state);
  if (!menu_is_open_) menu_ = menu_lines(state);
  windows_.follow(state);
  if (state.status) announce_state(*state.status);
  is_connected_ = state.status.has_value();
  if (is_connected_) offer_setup(*state.status);
  icon_.show(view_.icon, view_.tooltip);
  ::SetWindowTextW(window_.get(), to_utf16(view_.tooltip).c_str());
  if (view_.icon == IconState::Working) {
    ::SetTimer(window_.get(), kFrameTimer, kFrameMilliseconds, nullptr);
  } else {
    ::KillTimer(window_.get(), kFrameTimer);
  }
  keep_icon();
}

void TrayApp::announce_state(const Status& status) {
  if (!is_connected_) {
    if (const auto told = announcements_.on_connected(status)) announce(*told);
  }
  if (const auto told = announcements_.on_status(status)) announce(*told);
}

void TrayApp::offer_setup(const Status& status) {
  if (std::exchange(setup_was_offered_, true)) return;
  if (!opens_by_itself(status, setup_skipped())) return;
  ::PostMessageW(window_.get(), WM_COMMAND, static_cast<WPARAM>(MenuCommand::Setup), 0);
}

void TrayApp::take_what_was_told() {
  for (const Notification& told : told_.take_all()) {
    try {
      if (told.method == method::kProgress) windows_.follow(run_view(told.params));
      if (told.method == method::kNotice) take_notice(told.params);
    } catch (const std::exception& surprise) {
      spdlog::warn("What the service told cannot be understood: {}", surprise.what());
    }
  }
}

void TrayApp::take_notice(const nlohmann::json& params) {
  const Notice notice = notice_from(params);
  windows_.follow_notice(notice.dataset);
  const auto told = announcements_.on_notice(notice);
  // Whoever looks at it need not be told.
  const bool is_of_restore = notice.event == kEventRestoreFailed;
  if (told && !(is_of_restore && windows_.tells_of_restores(notice.dataset))) announce(*told);
}

void TrayApp::announce(const Announcement& announcement) {
  spdlog::info("Announced: {}: {}", announcement.title, announcement.text);
  announced_ = announcement;
  icon_.announce(announcement);
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
  menu_ = menu_lines(service_.latest());
  show_menu(window_.get(), place, menu_);
  menu_is_open_ = false;
}

void TrayApp::end() {
  ::KillTimer(window_.get(), kFrameTimer);
  ::KillTimer(window_.get(), kRetryTimer);
  icon_.remove();
  windows_.close();
  ::EndMenu();
  ::PostQuitMessage(0);
}

}  // namespace holdfast
