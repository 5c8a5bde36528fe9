#include "tray/taskbar_theme.h"

#include <windows.h>

namespace holdfast {

TaskbarTheme taskbar_theme() {
  DWORD light = 0;
  DWORD size = sizeof light;
  // Without the value (before Windows 10 1903) taskbars are dark.
  const LSTATUS read = ::RegGetValueW(
      HKEY_CURRENT_USER, L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
      L"SystemUsesLightTheme", RRF_RT_REG_DWORD, nullptr, &light, &size);
  return read == ERROR_SUCCESS && light != 0 ? TaskbarTheme::Light : TaskbarTheme::Dark;
}

}  // namespace holdfast
