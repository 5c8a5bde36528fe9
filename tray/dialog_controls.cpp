#include "tray/dialog_controls.h"

#include <windows.h>
#include <windowsx.h>

#include "common/utf16.h"

namespace holdfast {

std::string control_text(HWND dialog, int control) {
  const HWND window = ::GetDlgItem(dialog, control);
  std::wstring text(static_cast<std::size_t>(::GetWindowTextLengthW(window)) + 1, L'\0');
  text.resize(static_cast<std::size_t>(
      ::GetWindowTextW(window, text.data(), static_cast<int>(text.size()))));
  return to_utf8(text);
}

void set_control_text(HWND dialog, int control, std::string_view text) {
  if (control_text(dialog, control) == text) return;
  ::SetDlgItemTextW(dialog, control, to_utf16(text).c_str());
}

void enable_control(HWND dialog, int control, bool is_enabled) {
  ::EnableWindow(::GetDlgItem(dialog, control), is_enabled ? TRUE : FALSE);
}

void add_choice(HWND dialog, int combo_box, std::string_view text) {
  ComboBox_AddString(::GetDlgItem(dialog, combo_box), to_utf16(text).c_str());
}

void clear_choices(HWND dialog, int combo_box) {
  ComboBox_ResetContent(::GetDlgItem(dialog, combo_box));
}

int choice(HWND dialog, int combo_box) {
  return ComboBox_GetCurSel(::GetDlgItem(dialog, combo_box));
}

void choose(HWND dialog, int combo_box, int index) {
  ComboBox_SetCurSel(::GetDlgItem(dialog, combo_box), index);
}

}  // namespace holdfast
