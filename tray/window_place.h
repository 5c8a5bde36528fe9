#pragma once

#include <windows.h>

namespace holdfast {

// Where a window stood and how large it was, under HKCU\Software\Holdfast.
void save_place(HWND window, const wchar_t* name);
// Whether there was one, and the window stands there.
bool restore_place(HWND window, const wchar_t* name);

}  // namespace holdfast
