// Looks at the tray's windows from another program of the same session:
//   tray_probe title             prints the title of the tray's window, which is the icon's tooltip
//   tray_probe command ID        sends the tray's window the command of a menu line
//   tray_probe close-menu        closes the tray's menu
//   tray_probe taskbar-created   tells all windows that the taskbar is new
//   tray_probe theme-changed     tells all windows that the theme is another one
//   tray_probe visible CLASS     prints the title of a visible window of that class; exit code 1 if
//   none

#include <windows.h>

#include <cstdio>
#include <string>

namespace {

void print(const wchar_t* text) {
  char utf8[2048] = {};
  ::WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, sizeof utf8 - 1, nullptr, nullptr);
  std::printf("%s\n", utf8);
}

int print_title(HWND window) {
  if (window == nullptr) return 1;
  wchar_t title[512] = {};
  ::GetWindowTextW(window, title, 512);
  print(title);
  return 0;
}

HWND visible_window(const wchar_t* window_class) {
  HWND window = nullptr;
  while ((window = ::FindWindowExW(nullptr, window, window_class, nullptr)) != nullptr) {
    if (::IsWindowVisible(window)) return window;
  }
  return nullptr;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  const std::wstring mode = argc > 1 ? argv[1] : L"";
  const HWND tray = ::FindWindowW(L"HoldfastTray", nullptr);
  if (mode == L"title" && argc == 2) return print_title(tray);
  if (mode == L"command" && argc == 3) {
    return ::PostMessageW(tray, WM_COMMAND, static_cast<WPARAM>(::_wtoi(argv[2])), 0) ? 0 : 1;
  }
  if (mode == L"taskbar-created" && argc == 2) {
    ::SendNotifyMessageW(HWND_BROADCAST, ::RegisterWindowMessageW(L"TaskbarCreated"), 0, 0);
    return 0;
  }
  if (mode == L"theme-changed" && argc == 2) {
    wchar_t what[] = L"ImmersiveColorSet";
    ::SendMessageTimeoutW(HWND_BROADCAST, WM_SETTINGCHANGE, 0, reinterpret_cast<LPARAM>(what),
                          SMTO_ABORTIFHUNG, 5000, nullptr);
    return 0;
  }
  if (mode == L"close-menu" && argc == 2) {
    return ::PostMessageW(tray, WM_CANCELMODE, 0, 0) ? 0 : 1;
  }
  if (mode == L"visible" && argc == 3) return print_title(visible_window(argv[2]));
  std::fprintf(
      stderr,
      "usage: tray_probe title | command ID | close-menu | taskbar-created | theme-changed | "
      "visible CLASS\n");
  return 2;
}
