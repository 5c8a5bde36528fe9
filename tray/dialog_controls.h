#pragma once

#include <windows.h>

#include <string>
#include <string_view>

namespace holdfast {

// The controls of a dialog, by their numbers. Used by the window's thread only.

std::string control_text(HWND dialog, int control);
// Leaves a text that is there already as it is, so that nothing flickers and no cursor jumps.
void set_control_text(HWND dialog, int control, std::string_view text);
void enable_control(HWND dialog, int control, bool is_enabled);

void add_choice(HWND dialog, int combo_box, std::string_view text);
void clear_choices(HWND dialog, int combo_box);
// Negative when nothing is chosen.
int choice(HWND dialog, int combo_box);
void choose(HWND dialog, int combo_box, int index);

}  // namespace holdfast
