#pragma once

#include <windows.h>

#include <vector>

#include "tray/menu_model.h"

namespace holdfast {

// Shows the menu at a place on the screen and returns when it is closed. What was chosen arrives at
// `window` as WM_COMMAND.
void show_menu(HWND window, POINT place, const std::vector<MenuLine>& lines);

}  // namespace holdfast
