#include "tray/window_place.h"

namespace holdfast {
namespace {

constexpr const wchar_t* kKey = L"Software\\Holdfast";

}  // namespace

void save_place(HWND window, const wchar_t* name) {
  WINDOWPLACEMENT place{};
  place.length = sizeof place;
  if (!::GetWindowPlacement(window, &place)) return;
  ::RegSetKeyValueW(HKEY_CURRENT_USER, kKey, name, REG_BINARY, &place, sizeof place);
}

bool restore_place(HWND window, const wchar_t* name) {
  WINDOWPLACEMENT place{};
  DWORD size = sizeof place;
  const LSTATUS read =
      ::RegGetValueW(HKEY_CURRENT_USER, kKey, name, RRF_RT_REG_BINARY, nullptr, &place, &size);
  if (read != ERROR_SUCCESS || size != sizeof place || place.length != sizeof place) return false;
  // A window that was last seen minimised is to be seen; Windows moves one into view whose monitor
  // is gone.
  if (place.showCmd != SW_SHOWMAXIMIZED) place.showCmd = SW_SHOWNORMAL;
  return ::SetWindowPlacement(window, &place) != FALSE;
}

}  // namespace holdfast
