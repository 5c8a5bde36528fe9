#include "tray/tray_menu.h"

#include "common/unique_handle.h"
#include "common/utf16.h"

namespace holdfast {
namespace {

struct MenuTraits {
  using Handle = HMENU;
  static Handle none() { return nullptr; }
  static void close(Handle menu) { ::DestroyMenu(menu); }
};
using MenuHandle = UniqueHandle<MenuTraits>;

void append(HMENU menu, const MenuLine& line) {
  if (line.text.empty()) {
    ::AppendMenuW(menu, MF_SEPARATOR, 0, nullptr);
    return;
  }
  const UINT flags = line.command == MenuCommand::None ? MF_STRING | MF_DISABLED : MF_STRING;
  ::AppendMenuW(menu, flags, static_cast<UINT_PTR>(line.command), to_utf16(line.text).c_str());
}

// The menu opens beside the icon, not over it: what the icon shows belongs to what the menu says.
RECT icon_around(POINT place) {
  const int half = ::GetSystemMetrics(SM_CYSMICON) / 2 + 2;
  return {place.x - half, place.y - half, place.x + half, place.y + half};
}

}  // namespace

void show_menu(HWND window, POINT place, const std::vector<MenuLine>& lines) {
  const MenuHandle menu(::CreatePopupMenu());
  for (const MenuLine& line : lines) append(menu.get(), line);
  constexpr UINT kHeadline = 0;
  ::SetMenuDefaultItem(menu.get(), kHeadline, TRUE);
  // Windows closes the menu on a click elsewhere only while its window has the foreground, and
  // forgets to when nothing follows in the queue.
  ::SetForegroundWindow(window);
  const UINT side = ::GetSystemMetrics(SM_MENUDROPALIGNMENT) != 0 ? TPM_RIGHTALIGN : TPM_LEFTALIGN;
  TPMPARAMS beside{.cbSize = sizeof beside, .rcExclude = icon_around(place)};
  ::TrackPopupMenuEx(menu.get(), side | TPM_BOTTOMALIGN | TPM_VERTICAL | TPM_RIGHTBUTTON, place.x,
                     beside.rcExclude.top, window, &beside);
  ::PostMessageW(window, WM_NULL, 0, 0);
}

}  // namespace holdfast
