#include "tray/window_theme.h"

#include <windows.h>
#include <commctrl.h>
#include <uxtheme.h>

#include <string>

namespace holdfast {
namespace {

constexpr UINT_PTR kHeaderWatch = 1;

COLORREF native(Colour colour) {
  return RGB(colour.red, colour.green, colour.blue);
}

ColourChoice chosen_colours() {
  ColourChoice choice;
  HIGHCONTRASTW contrast{.cbSize = sizeof contrast};
  choice.has_contrast_theme =
      ::SystemParametersInfoW(SPI_GETHIGHCONTRAST, sizeof contrast, &contrast, 0) != FALSE &&
      (contrast.dwFlags & HCF_HIGHCONTRASTON) != 0;
  DWORD light = 0;
  DWORD size = sizeof light;
  const LSTATUS read = ::RegGetValueW(
      HKEY_CURRENT_USER, L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
      L"AppsUseLightTheme", RRF_RT_REG_DWORD, nullptr, &light, &size);
  if (read == ERROR_SUCCESS) choice.apps_are_light = light != 0;
  return choice;
}

void darken_title_bar(HWND window, bool is_dark) {
  constexpr DWORD kUseImmersiveDarkMode = 20;
  using SetAttribute = HRESULT(WINAPI*)(HWND, DWORD, LPCVOID, DWORD);
  // Windows before 10 has it, but not the attribute, and then says so.
  const HMODULE library = ::LoadLibraryExW(L"dwmapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == nullptr) return;
  const FARPROC found = ::GetProcAddress(library, "DwmSetWindowAttribute");
  if (found != nullptr) {
    const BOOL value = is_dark ? TRUE : FALSE;
    reinterpret_cast<SetAttribute>(reinterpret_cast<void*>(found))(window, kUseImmersiveDarkMode,
                                                                   &value, sizeof value);
  }
  ::FreeLibrary(library);
}

// The dark controls are in the theme of Windows 10 1809 and later. Where the theme has none of that
// name, it gives those that it has, and their text is dark.
bool has_dark_controls(HWND window) {
  constexpr int kPushButton = 1;
  constexpr int kNormal = 1;
  constexpr int kTextColour = 3803;
  const HTHEME theme = ::OpenThemeData(window, L"DarkMode_Explorer::Button");
  if (theme == nullptr) return false;
  COLORREF text = 0;
  const HRESULT read = ::GetThemeColor(theme, kPushButton, kNormal, kTextColour, &text);
  ::CloseThemeData(theme);
  return SUCCEEDED(read) && GetRValue(text) > 0x80;
}

std::wstring class_of(HWND control) {
  wchar_t name[64] = {};
  ::GetClassNameW(control, name, 64);
  return name;
}

// A list view's header takes its text from the theme, which has no light one.
LRESULT CALLBACK watch_header(HWND list, UINT message, WPARAM first, LPARAM second, UINT_PTR id,
                              DWORD_PTR text) {
  if (message == WM_NCDESTROY) ::RemoveWindowSubclass(list, &watch_header, id);
  if (message == WM_NOTIFY && reinterpret_cast<const NMHDR*>(second)->code == NM_CUSTOMDRAW) {
    const auto& draw = *reinterpret_cast<const NMCUSTOMDRAW*>(second);
    if (draw.dwDrawStage == CDDS_PREPAINT) return CDRF_NOTIFYITEMDRAW;
    if (draw.dwDrawStage == CDDS_ITEMPREPAINT) {
      ::SetTextColor(draw.hdc, static_cast<COLORREF>(text));
      return CDRF_DODEFAULT;
    }
  }
  return ::DefSubclassProc(list, message, first, second);
}

// Dark controls where there are some. Others are drawn without a theme where they have taken the
// window's colours that way, and stay as they are where they have not.
class Dresser {
 public:
  Dresser(HWND window, ColourScheme scheme)
      : colours_(scheme == ColourScheme::Dark ? window_colours(scheme) : std::nullopt),
        has_dark_controls_(colours_ && has_dark_controls(window)) {}

  void dress(HWND control) const {
    const std::wstring kind = class_of(control);
    if (kind == WC_BUTTONW) dress_button(control);
    if (kind == WC_COMBOBOXW) dress_combo_box(control);
    if (kind == WC_EDITW) set(control, kFieldTheme, Otherwise::Plain);
    if (kind == WC_LISTVIEWW) dress_list(control);
  }

 private:
  enum class Otherwise { AsItIs, Plain };
  static constexpr const wchar_t* kTheme = L"DarkMode_Explorer";
  static constexpr const wchar_t* kFieldTheme = L"DarkMode_CFD";
  static constexpr const wchar_t* kHeaderTheme = L"DarkMode_ItemsView";

  void set(HWND control, const wchar_t* dark, Otherwise otherwise) const {
    if (!colours_) {
      ::SetWindowTheme(control, nullptr, nullptr);
    } else if (has_dark_controls_) {
      ::SetWindowTheme(control, dark, nullptr);
    } else if (otherwise == Otherwise::Plain) {
      ::SetWindowTheme(control, L"", L"");
    }
  }

  // The theme's check boxes have dark words even where they are dark; without it they ask for the
  // colours.
  void dress_button(HWND control) const {
    const LONG kind = ::GetWindowLongW(control, GWL_STYLE) & BS_TYPEMASK;
    if (kind != BS_AUTOCHECKBOX) {
      set(control, kTheme, Otherwise::AsItIs);
    } else if (colours_) {
      ::SetWindowTheme(control, L"", L"");
    } else {
      ::SetWindowTheme(control, nullptr, nullptr);
    }
  }

  void dress_combo_box(HWND control) const {
    set(control, kFieldTheme, Otherwise::Plain);
    COMBOBOXINFO parts{.cbSize = sizeof parts};
    if (::GetComboBoxInfo(control, &parts)) set(parts.hwndList, kTheme, Otherwise::AsItIs);
  }

  void dress_list(HWND control) const {
    const COLORREF field = colours_ ? native(colours_->field) : ::GetSysColor(COLOR_WINDOW);
    ListView_SetBkColor(control, field);
    ListView_SetTextBkColor(control, field);
    ListView_SetTextColor(control,
                          colours_ ? native(colours_->text) : ::GetSysColor(COLOR_WINDOWTEXT));
    set(control, kTheme, Otherwise::AsItIs);
    set(ListView_GetHeader(control), kHeaderTheme, Otherwise::AsItIs);
    if (has_dark_controls_) {
      ::SetWindowSubclass(control, &watch_header, kHeaderWatch, native(colours_->text));
    } else {
      ::RemoveWindowSubclass(control, &watch_header, kHeaderWatch);
    }
  }

  std::optional<WindowColours> colours_;
  bool has_dark_controls_;
};

}  // namespace

void WindowTheme::apply(HWND window) {
  scheme_ = colour_scheme(chosen_colours());
  const auto colours = window_colours(scheme_);
  background_.reset(is_dark() ? ::CreateSolidBrush(native(colours->background)) : nullptr);
  field_.reset(is_dark() ? ::CreateSolidBrush(native(colours->field)) : nullptr);
  darken_title_bar(window, is_dark());
  const Dresser dresser(window, scheme_);
  const auto dress = [](HWND control, LPARAM with) -> BOOL {
    reinterpret_cast<const Dresser*>(with)->dress(control);
    return TRUE;
  };
  ::EnumChildWindows(window, dress, reinterpret_cast<LPARAM>(&dresser));
  ::RedrawWindow(window, nullptr, nullptr,
                 RDW_INVALIDATE | RDW_ALLCHILDREN | RDW_ERASE | RDW_FRAME);
}

bool WindowTheme::follow(HWND window) {
  if (colour_scheme(chosen_colours()) == scheme_) return false;
  apply(window);
  return true;
}

bool WindowTheme::erase(HWND window, HDC context) const {
  if (!background_) return false;
  RECT client{};
  ::GetClientRect(window, &client);
  ::FillRect(context, &client, background_.get());
  return true;
}

std::optional<LRESULT> WindowTheme::colour(UINT message, HDC context, Words words) const {
  const auto colours = window_colours(scheme_);
  if (!colours) return std::nullopt;
  if (words == Words::Fault) {
    ::SetTextColor(context, native(colours->fault));
    ::SetBkMode(context, TRANSPARENT);
    if (!is_dark()) return reinterpret_cast<LRESULT>(::GetSysColorBrush(COLOR_BTNFACE));
    return reinterpret_cast<LRESULT>(background_.get());
  }
  if (!is_dark()) return std::nullopt;
  const bool is_field = message == WM_CTLCOLOREDIT || message == WM_CTLCOLORLISTBOX;
  ::SetTextColor(context, native(colours->text));
  ::SetBkColor(context, native(is_field ? colours->field : colours->background));
  return reinterpret_cast<LRESULT>(is_field ? field_.get() : background_.get());
}

bool asks_for_colour(UINT message) {
  switch (message) {
    case WM_CTLCOLORDLG:
    case WM_CTLCOLORSTATIC:
    case WM_CTLCOLORBTN:
    case WM_CTLCOLOREDIT:
    case WM_CTLCOLORLISTBOX: return true;
    default: return false;
  }
}

}  // namespace holdfast
