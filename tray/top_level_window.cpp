#include "tray/top_level_window.h"

#include <windows.h>
#include <commctrl.h>

#include <algorithm>

#include <spdlog/spdlog.h>

#include "common/utf16.h"
#include "common/windows_error.h"
#include "tray/resource.h"
#include "tray/screen_room.h"

namespace holdfast {
namespace {

// Marks a window as one of these.
constexpr const wchar_t* kMark = L"HoldfastTopLevelWindow";

constexpr UINT_PTR kWakeTimer = 1;

HFONT message_font(UINT dpi) {
  NONCLIENTMETRICSW metrics{};
  metrics.cbSize = sizeof metrics;
  ::SystemParametersInfoForDpi(SPI_GETNONCLIENTMETRICS, sizeof metrics, &metrics, 0, dpi);
  return ::CreateFontIndirectW(&metrics.lfMessageFont);
}

// Text measured in a window's font.
class Measure {
 public:
  Measure(HWND window, HFONT font)
      : window_(window), device_(::GetDC(window)), before_(::SelectObject(device_, font)) {}
  Measure(const Measure&) = delete;
  Measure& operator=(const Measure&) = delete;
  ~Measure() {
    ::SelectObject(device_, before_);
    ::ReleaseDC(window_, device_);
  }

  // With DT_CALCRECT.
  SIZE of(const std::wstring& text, int width, UINT format) const {
    RECT area{0, 0, width, 0};
    ::DrawTextW(device_, text.c_str(), -1, &area, format | DT_CALCRECT);
    return {area.right, area.bottom};
  }

 private:
  HWND window_;
  HDC device_;
  HGDIOBJ before_;
};

std::wstring text_of(HWND control) {
  std::wstring text(static_cast<std::size_t>(::GetWindowTextLengthW(control)) + 1, L'\0');
  text.resize(static_cast<std::size_t>(
      ::GetWindowTextW(control, text.data(), static_cast<int>(text.size()))));
  return text;
}

}  // namespace

TopLevelWindow::~TopLevelWindow() = default;

void TopLevelWindow::bring_forward() {
  if (::IsIconic(window())) ::ShowWindow(window(), SW_RESTORE);
  ::ShowWindow(window(), SW_SHOW);
  ::SetForegroundWindow(window());
}

bool TopLevelWindow::takes_key(MSG& message) {
  const HWND root = ::GetAncestor(message.hwnd, GA_ROOT);
  auto* const self = static_cast<TopLevelWindow*>(::GetPropW(root, kMark));
  if (self == nullptr) return false;
  const HACCEL accelerators = self->looks_.accelerators;
  if (accelerators != nullptr && ::TranslateAcceleratorW(root, accelerators, &message) != 0) {
    return true;
  }
  return ::IsDialogMessageW(root, &message) != FALSE;
}

void TopLevelWindow::open(const std::string& title) {
  register_class();
  const HWND made = ::CreateWindowExW(
      WS_EX_CONTROLPARENT, looks_.window_class, to_utf16(title).c_str(),
      WS_OVERLAPPEDWINDOW | WS_CLIPCHILDREN, CW_USEDEFAULT, CW_USEDEFAULT, looks_.size.cx,
      looks_.size.cy, nullptr, nullptr, ::GetModuleHandleW(nullptr), this);
  if (made == nullptr) {
    throw windows_error("Cannot open the window", ::GetLastError(), "Close other programs.");
  }
  take_scale(::GetDpiForWindow(made));
  make_controls();
  theme_.apply(made);
  on_colours_changed();
  fit_to_screen({.width = scaled(looks_.size.cx), .height = scaled(looks_.size.cy)});
  lay_out_again();
}

void TopLevelWindow::fit_to_screen(Extent wanted) const {
  RECT place{};
  ::GetWindowRect(window(), &place);
  const RECT screen = work_area(window());
  const Extent room = extent(screen);
  const Extent size = fitted(wanted, room);
  ::SetWindowPos(window(), nullptr,
                 moved_within(static_cast<int>(place.left), size.width,
                              static_cast<int>(screen.left), room.width),
                 moved_within(static_cast<int>(place.top), size.height,
                              static_cast<int>(screen.top), room.height),
                 size.width, size.height, SWP_NOZORDER | SWP_NOACTIVATE);
}

void TopLevelWindow::register_class() const {
  const HINSTANCE program = ::GetModuleHandleW(nullptr);
  WNDCLASSEXW known{.cbSize = sizeof known};
  if (::GetClassInfoExW(program, looks_.window_class, &known)) return;
  const WNDCLASSEXW window_class{
      .cbSize = sizeof window_class,
      .lpfnWndProc = &window_proc,
      .hInstance = program,
      .hIcon = ::LoadIconW(program, MAKEINTRESOURCEW(ICON_HOLDFAST)),
      .hCursor = ::LoadCursorW(nullptr, MAKEINTRESOURCEW(32512)),  // IDC_ARROW
      .hbrBackground = ::GetSysColorBrush(COLOR_BTNFACE),
      .lpszClassName = looks_.window_class};
  ::RegisterClassExW(&window_class);
}

LRESULT CALLBACK TopLevelWindow::window_proc(HWND window, UINT message, WPARAM first,
                                             LPARAM second) noexcept {
  if (message == WM_NCCREATE) {
    auto* const create = reinterpret_cast<const CREATESTRUCTW*>(second);
    auto* const self = static_cast<TopLevelWindow*>(create->lpCreateParams);
    ::SetPropW(window, kMark, self);
    self->window_.reset(window);
  }
  auto* const self = static_cast<TopLevelWindow*>(::GetPropW(window, kMark));
  if (self == nullptr) return ::DefWindowProcW(window, message, first, second);
  if (message == WM_NCDESTROY) {
    ::RemovePropW(window, kMark);
    // Whoever destroys it, it is gone.
    self->window_.release();
    return ::DefWindowProcW(window, message, first, second);
  }
  try {
    return self->handle(message, first, second);
  } catch (const std::exception& surprise) {
    spdlog::error("Message {:#x} of a window failed: {}", message, surprise.what());
  }
  return ::DefWindowProcW(window, message, first, second);
}

LRESULT TopLevelWindow::handle(UINT message, WPARAM first, LPARAM second) {
  switch (message) {
    case WM_COMMAND: on_command(LOWORD(first), HIWORD(first)); return 0;
    case WM_NOTIFY: return on_notify(*reinterpret_cast<const NMHDR*>(second));
    case WM_SIZE: lay_out_again(); return 0;
    case WM_CLOSE: on_close(); return 0;
    case WM_DESTROY: on_closed(); return 0;
    case WM_ACTIVATE: keep_focus(LOWORD(first) != WA_INACTIVE); return 0;
    case DM_GETDEFID: return MAKELRESULT(default_button(), DC_HASDEFID);
    case WM_DPICHANGED:
      change_scale(HIWORD(first), *reinterpret_cast<const RECT*>(second));
      return 0;
    case WM_GETMINMAXINFO: limit(*reinterpret_cast<MINMAXINFO*>(second)); return 0;
    case WM_TIMER:
      ::KillTimer(window(), first);
      on_timer();
      return 0;
    case WM_SETTINGCHANGE:
      if (theme_.follow(window())) on_colours_changed();
      return 0;
    case WM_ERASEBKGND:
      if (theme_.erase(window(), reinterpret_cast<HDC>(first))) return 1;
      break;
    default: break;
  }
  if (asks_for_colour(message)) {
    const auto colours =
        theme_.colour(message, reinterpret_cast<HDC>(first), WindowTheme::Words::Plain);
    if (colours) return *colours;
  }
  if (WM_APP <= message && message < 0xC000) return on_message(message);
  return ::DefWindowProcW(window(), message, first, second);
}

HWND TopLevelWindow::add(const wchar_t* control_class, std::string_view text, DWORD style, int id) {
  const HWND made = ::CreateWindowExW(
      0, control_class, to_utf16(text).c_str(), WS_CHILD | WS_VISIBLE | style, 0, 0, 0, 0, window(),
      reinterpret_cast<HMENU>(static_cast<INT_PTR>(id)), ::GetModuleHandleW(nullptr), nullptr);
  ::SendMessageW(made, WM_SETFONT, reinterpret_cast<WPARAM>(font_.get()), FALSE);
  return made;
}

void TopLevelWindow::limit(MINMAXINFO& sizes) const {
  const Extent wanted{.width = scaled(looks_.min_size.cx), .height = scaled(looks_.min_size.cy)};
  const Extent smallest = fitted(wanted, extent(work_area(window())));
  sizes.ptMinTrackSize = {smallest.width, smallest.height};
}

void TopLevelWindow::wake_after(std::chrono::milliseconds time) const {
  ::SetTimer(window(), kWakeTimer, static_cast<UINT>(time.count()), nullptr);
}

void TopLevelWindow::place(int id, int left, int top, int width, int height) const {
  ::MoveWindow(control(id), left, top, std::max(width, 0), std::max(height, 0), TRUE);
}

void TopLevelWindow::set_text(int id, std::string_view text) {
  const std::wstring wanted = to_utf16(text);
  // Setting the same would flicker, and be read out again.
  if (text_of(control(id)) != wanted) ::SetWindowTextW(control(id), wanted.c_str());
}

void TopLevelWindow::set_shown(int id, bool is_shown) {
  ::ShowWindow(control(id), is_shown ? SW_SHOWNA : SW_HIDE);
}

void TopLevelWindow::enable(int id, bool is_enabled) {
  const HWND changed = control(id);
  if ((::IsWindowEnabled(changed) != FALSE) == is_enabled) return;
  if (!is_enabled && ::GetFocus() == changed) {
    ::SetFocus(::GetNextDlgTabItem(window(), changed, FALSE));
  }
  ::EnableWindow(changed, is_enabled ? TRUE : FALSE);
}

int TopLevelWindow::scaled(int length) const {
  return ::MulDiv(length, static_cast<int>(dpi_), USER_DEFAULT_SCREEN_DPI);
}

int TopLevelWindow::button_width(int id) const {
  const Measure measure(window(), font_.get());
  const int text = static_cast<int>(measure.of(text_of(control(id)), 0, DT_SINGLELINE).cx);
  return std::max(text + scaled(24), scaled(80));
}

int TopLevelWindow::text_width(std::string_view text) const {
  const Measure measure(window(), font_.get());
  return static_cast<int>(measure.of(to_utf16(text), 0, DT_SINGLELINE | DT_NOPREFIX).cx);
}

int TopLevelWindow::wrapped_height(int id, int width) const {
  const std::wstring text = text_of(control(id));
  if (text.empty()) return 0;
  const Measure measure(window(), font_.get());
  return static_cast<int>(measure.of(text, width, DT_WORDBREAK | DT_NOPREFIX).cy);
}

void TopLevelWindow::take_scale(UINT dpi) {
  dpi_ = dpi != 0 ? dpi : USER_DEFAULT_SCREEN_DPI;
  FontHandle font(message_font(dpi_));
  const auto give = [](HWND child, LPARAM given) -> BOOL {
    ::SendMessageW(child, WM_SETFONT, static_cast<WPARAM>(given), FALSE);
    return TRUE;
  };
  ::EnumChildWindows(window(), give, reinterpret_cast<LPARAM>(font.get()));
  font_ = std::move(font);
  text_height_ = static_cast<int>(Measure(window(), font_.get()).of(L"Xg", 0, DT_SINGLELINE).cy);
}

void TopLevelWindow::change_scale(UINT dpi, const RECT& suggested) {
  take_scale(dpi);
  on_scale_changed();
  ::SetWindowPos(window(), nullptr, suggested.left, suggested.top, suggested.right - suggested.left,
                 suggested.bottom - suggested.top, SWP_NOZORDER | SWP_NOACTIVATE);
  lay_out_again();
  ::RedrawWindow(window(), nullptr, nullptr, RDW_INVALIDATE | RDW_ALLCHILDREN | RDW_ERASE);
}

void TopLevelWindow::keep_focus(bool is_active) {
  if (!is_active) {
    const HWND focus = ::GetFocus();
    if (::IsChild(window(), focus)) focus_ = focus;
  } else if (::IsChild(window(), focus_)) {
    ::SetFocus(focus_);
  } else {
    ::SetFocus(::GetNextDlgTabItem(window(), nullptr, FALSE));
  }
}

void TopLevelWindow::lay_out_again() {
  // The first sizes come before there is anything to place.
  if (text_height_ == 0 || ::GetWindow(window(), GW_CHILD) == nullptr) return;
  RECT client{};
  ::GetClientRect(window(), &client);
  lay_out({client.right, client.bottom});
}

}  // namespace holdfast
