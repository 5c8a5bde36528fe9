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

MenuHandle popup(const std::vector<MenuLine>& lines);

void append(HMENU menu, const MenuLine& line) {
  if (line.text.empty()) {
    ::AppendMenuW(menu, MF_SEPARATOR, 0, nullptr);
    return;
  }
  const std::wstring text = to_utf16(line.text);
  if (!line.submenu.empty()) {
    // Belongs to the menu that it is in from then on, and goes with it.
    const HMENU submenu = popup(line.submenu).release();
    ::AppendMenuW(menu, MF_POPUP, reinterpret_cast<UINT_PTR>(submenu), text.c_str());
    return;
  }
  // What only tells something stays black, to be read.
  const UINT state = line.command == MenuCommand::None ? MF_DISABLED
                     : line.is_possible                ? MF_ENABLED
                                                       : MF_GRAYED;
  ::AppendMenuW(menu, MF_STRING | state, static_cast<UINT_PTR>(line.id), text.c_str());
  if (line.command == kDefaultCommand) {
    ::SetMenuDefaultItem(menu, static_cast<UINT>(line.id), FALSE);
  }
}

MenuHandle popup(const std::vector<MenuLine>& lines) {
  MenuHandle menu(::CreatePopupMenu());
  for (const MenuLine& line : lines) append(menu.get(), line);
  return menu;
}

// The menu opens beside the icon, not over it: what the icon shows belongs to what the menu says.
RECT icon_around(POINT place) {
  const int half = ::GetSystemMetrics(SM_CYSMICON) / 2 + 2;
  return {place.x - half, place.y - half, place.x + half, place.y + half};
}

}  // namespace

void show_menu(HWND window, POINT place, const std::vector<MenuLine>& lines) {
  const MenuHandle menu = popup(lines);
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
