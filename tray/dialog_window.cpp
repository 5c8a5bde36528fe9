#include "tray/dialog_window.h"

#include <windows.h>
#include <windowsx.h>

#include <exception>
#include <utility>

#include <spdlog/spdlog.h>

#include "tray/resource.h"
#include "tray/screen_room.h"
#include "tray/window_layout.h"

namespace holdfast {
namespace {

using nlohmann::json;

// Marks a window as one of these.
constexpr const wchar_t* kMark = L"HoldfastDialogWindow";
constexpr UINT kFit = WM_USER + 0x100;
constexpr UINT kBackUp = WM_USER + 0x101;
constexpr int kLines = 3;  // of text, for a notch of the wheel

DialogWindow* marked(HWND window) {
  return static_cast<DialogWindow*>(::GetPropW(window, kMark));
}

bool is_back_up_key(const MSG& message) {
  return message.message == WM_KEYDOWN && message.wParam == 'B' && ::GetKeyState(VK_CONTROL) < 0 &&
         ::GetKeyState(VK_MENU) >= 0;
}

int client_height(HWND window) {
  RECT client{};
  ::GetClientRect(window, &client);
  return static_cast<int>(client.bottom);
}

int line_height(HWND window) {
  RECT line{0, 0, 0, 8};
  ::MapDialogRect(window, &line);
  return static_cast<int>(line.bottom);
}

}  // namespace

DialogWindow::DialogWindow(int resource, AskService ask)
    : resource_(resource), ask_(std::move(ask)) {}

DialogWindow::~DialogWindow() {
  if (window_ != nullptr) ::DestroyWindow(window_);
}

void DialogWindow::show() {
  if (!is_open()) open();
  if (::IsIconic(window_)) ::ShowWindow(window_, SW_RESTORE);
  ::SetForegroundWindow(window_);
}

void DialogWindow::close() {
  if (window_ != nullptr) ::PostMessageW(window_, WM_COMMAND, IDCANCEL, 0);
}

bool DialogWindow::takes_key(MSG& message) {
  const HWND root = ::GetAncestor(message.hwnd, GA_ROOT);
  DialogWindow* const self = marked(root);
  if (self != nullptr && is_back_up_key(message)) {
    ::PostMessageW(root, kBackUp, 0, 0);
    return true;
  }
  if (self == nullptr || !::IsDialogMessageW(root, &message)) return false;
  // It may have been the key that closed it.
  if (marked(root) == self && self->window_ == root) self->show_focus();
  return true;
}

void DialogWindow::open() {
  ::CreateDialogParamW(::GetModuleHandleW(nullptr), MAKEINTRESOURCEW(resource_), nullptr,
                       &procedure, reinterpret_cast<LPARAM>(this));
  ::ShowWindow(window_, SW_SHOW);
}

void DialogWindow::end(int result) {
  const HWND ended = std::exchange(window_, nullptr);
  life_.reset();
  ::RemovePropW(ended, kMark);
  ::DestroyWindow(ended);
  on_end(result);
}

INT_PTR CALLBACK DialogWindow::procedure(HWND dialog, UINT message, WPARAM first, LPARAM second) {
  if (message == WM_INITDIALOG) {
    reinterpret_cast<DialogWindow*>(second)->begin(dialog);
    return TRUE;
  }
  DialogWindow* const self = marked(dialog);
  if (self == nullptr) return FALSE;
  try {
    return self->handle(message, first, second);
  } catch (const std::exception& surprise) {
    spdlog::error("Message {:#x} of a dialog failed: {}", message, surprise.what());
    return FALSE;
  }
}

void DialogWindow::begin(HWND dialog) {
  ::SetPropW(dialog, kMark, this);
  window_ = dialog;
  life_ = std::make_shared<int>();
  const HICON icon = ::LoadIconW(::GetModuleHandleW(nullptr), MAKEINTRESOURCEW(ICON_HOLDFAST));
  ::SendMessageW(dialog, WM_SETICON, ICON_BIG, reinterpret_cast<LPARAM>(icon));
  theme_.apply(dialog);
  fit_to_screen();
  on_open();
}

INT_PTR DialogWindow::handle(UINT message, WPARAM first, LPARAM second) {
  if (asks_for_colour(message)) {
    const bool is_fault =
        message == WM_CTLCOLORSTATIC && tells_fault(::GetDlgCtrlID(reinterpret_cast<HWND>(second)));
    const auto answer =
        theme_.colour(message, reinterpret_cast<HDC>(first),
                      is_fault ? WindowTheme::Words::Fault : WindowTheme::Words::Plain);
    return answer.value_or(FALSE);
  }
  switch (message) {
    case WM_COMMAND: on_command(LOWORD(first), HIWORD(first)); return TRUE;
    case WM_TIMER: on_timer(); return TRUE;
    case WM_SETTINGCHANGE: theme_.follow(window_); return FALSE;
    case WM_VSCROLL: on_scroll(LOWORD(first)); return TRUE;
    case WM_MOUSEWHEEL:
      scroll(scrolled_ -
             GET_WHEEL_DELTA_WPARAM(first) * kLines * line_height(window_) / WHEEL_DELTA);
      return TRUE;
    case WM_DPICHANGED:
      // Windows lays dialogs out anew, from their top.
      scroll(0);
      height_ = 0;
      ::PostMessageW(window_, kFit, 0, 0);
      return FALSE;
    case kFit: fit_to_screen(); return TRUE;
    case kBackUp: on_back_up(); return TRUE;
    default: break;
  }
  if (message < WM_APP || message >= 0xC000) return FALSE;
  on_message(message, second);
  return TRUE;
}

std::function<void(const ServiceAnswer&)> DialogWindow::while_open(
    std::function<void(const ServiceAnswer&)> then) const {
  return [life = std::weak_ptr<int>(life_), then = std::move(then)](const ServiceAnswer& answer) {
    if (!life.expired()) then(answer);
  };
}

std::function<void(const ServiceAnswer&)> DialogWindow::result_of(
    std::function<void(const json&)> then) {
  return while_open([this, then = std::move(then)](const ServiceAnswer& answer) {
    if (answer.failure) {
      fail(*answer.failure);
    } else {
      then(answer.result);
    }
  });
}

void DialogWindow::ask(std::string_view method, const json& params,
                       std::function<void(const json&)> then) {
  ask_(method, params, result_of(std::move(then)));
}

void DialogWindow::ask_for_all_of(std::string_view method, const std::string& list,
                                  std::function<void(const json&)> then) {
  ask_for_all(ask_, method, list, result_of(std::move(then)));
}

void DialogWindow::fit_to_screen() {
  RECT frame{};
  ::GetWindowRect(window_, &frame);
  const Extent wanted = extent(frame);
  const RECT screen = work_area(window_);
  const Extent room = extent(screen);
  if (fitted(wanted, room) == wanted) return;
  height_ = client_height(window_);
  const int bar = ::GetSystemMetricsForDpi(SM_CXVSCROLL, ::GetDpiForWindow(window_));
  ::SetWindowLongPtrW(window_, GWL_STYLE, ::GetWindowLongPtrW(window_, GWL_STYLE) | WS_VSCROLL);
  const Extent fits = fitted({.width = wanted.width + bar, .height = wanted.height}, room);
  ::SetWindowPos(window_, nullptr, static_cast<int>(screen.left) + (room.width - fits.width) / 2,
                 static_cast<int>(screen.top) + (room.height - fits.height) / 2, fits.width,
                 fits.height, SWP_NOZORDER | SWP_NOACTIVATE | SWP_FRAMECHANGED);
  const SCROLLINFO range{.cbSize = sizeof range,
                         .fMask = SIF_RANGE | SIF_PAGE | SIF_POS,
                         .nMax = height_ - 1,
                         .nPage = static_cast<UINT>(client_height(window_))};
  ::SetScrollInfo(window_, SB_VERT, &range, TRUE);
}

void DialogWindow::scroll(int wanted) {
  const ScrollRange range{.content = height_, .page = client_height(window_)};
  const int to = range.within(wanted);
  if (to == scrolled_) return;
  ::ScrollWindowEx(window_, 0, scrolled_ - to, nullptr, nullptr, nullptr, nullptr,
                   SW_SCROLLCHILDREN | SW_INVALIDATE | SW_ERASE);
  scrolled_ = to;
  ::SetScrollPos(window_, SB_VERT, to, TRUE);
}

void DialogWindow::on_scroll(int request) {
  SCROLLINFO now{.cbSize = sizeof now, .fMask = SIF_TRACKPOS};
  ::GetScrollInfo(window_, SB_VERT, &now);
  switch (request) {
    case SB_LINEUP: scroll(scrolled_ - line_height(window_)); break;
    case SB_LINEDOWN: scroll(scrolled_ + line_height(window_)); break;
    case SB_PAGEUP: scroll(scrolled_ - client_height(window_)); break;
    case SB_PAGEDOWN: scroll(scrolled_ + client_height(window_)); break;
    case SB_THUMBTRACK: scroll(now.nTrackPos); break;
    default: break;
  }
}

void DialogWindow::show_focus() {
  const HWND focus = ::GetFocus();
  if (height_ == 0 || !::IsChild(window_, focus)) return;
  RECT place{};
  ::GetWindowRect(focus, &place);
  ::MapWindowPoints(nullptr, window_, reinterpret_cast<POINT*>(&place), 2);
  const ScrollRange range{.content = height_, .page = client_height(window_)};
  // With a little of what is around it.
  const int margin = line_height(window_);
  scroll(range.showing(scrolled_, static_cast<int>(place.top) + scrolled_ - margin,
                       static_cast<int>(place.bottom) + scrolled_ + margin));
}

}  // namespace holdfast
