// Reads and works the controls of a dialog from another program of the same session. TITLE is the
// title of the dialog, ID the number of a control in it.
//   dialog_probe text TITLE ID           prints what the control says
//   dialog_probe enabled TITLE ID        exit code 0 when the control can be used, 1 when not
//   dialog_probe set TITLE ID TEXT       writes a text, as typing would
//   dialog_probe choose TITLE ID NUMBER  chooses a line of a list, from 0
//   dialog_probe click TITLE ID          presses a button
//   dialog_probe unanswered TITLE ID     prints how many milliseconds it takes the dialog, at most,
//                                        to answer while a button's click is carried out

#include <windows.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace {

void print(const std::wstring& text) {
  char utf8[8192] = {};
  ::WideCharToMultiByte(CP_UTF8, 0, text.c_str(), -1, utf8, sizeof utf8 - 1, nullptr, nullptr);
  std::printf("%s\n", utf8);
}

std::wstring text_of(HWND control) {
  std::wstring text(4096, L'\0');
  text.resize(static_cast<std::size_t>(
      ::SendMessageW(control, WM_GETTEXT, text.size(), reinterpret_cast<LPARAM>(text.data()))));
  return text;
}

HWND visible_dialog(const wchar_t* title) {
  HWND window = nullptr;
  while ((window = ::FindWindowExW(nullptr, window, nullptr, title)) != nullptr) {
    if (::IsWindowVisible(window)) return window;
  }
  return nullptr;
}

void press(HWND dialog, HWND control, int id) {
  ::PostMessageW(dialog, WM_COMMAND, MAKEWPARAM(id, BN_CLICKED), reinterpret_cast<LPARAM>(control));
}

DWORD slowest_answer(HWND dialog) {
  constexpr DWORD kMilliseconds = 2000;
  const DWORD begin = ::GetTickCount();
  DWORD slowest = 0;
  while (::GetTickCount() - begin < kMilliseconds && ::IsWindow(dialog)) {
    const DWORD asked = ::GetTickCount();
    DWORD_PTR ignored = 0;
    ::SendMessageTimeoutW(dialog, WM_NULL, 0, 0, SMTO_NORMAL, kMilliseconds, &ignored);
    slowest = std::max(slowest, ::GetTickCount() - asked);
    ::Sleep(1);
  }
  return slowest;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  const std::wstring mode = argc > 3 ? argv[1] : L"";
  const HWND dialog = argc > 3 ? visible_dialog(argv[2]) : nullptr;
  const int id = argc > 3 ? ::_wtoi(argv[3]) : 0;
  const HWND control = ::GetDlgItem(dialog, id);
  if (control == nullptr) {
    std::fprintf(stderr, "dialog_probe: there is no such control\n");
    return 2;
  }
  if (mode == L"text") print(text_of(control));
  if (mode == L"enabled") return ::IsWindowEnabled(control) ? 0 : 1;
  if (mode == L"set" && argc > 4) {
    ::SendMessageW(control, WM_SETTEXT, 0, reinterpret_cast<LPARAM>(argv[4]));
  }
  if (mode == L"choose" && argc > 4) {
    ::SendMessageW(control, CB_SETCURSEL, static_cast<WPARAM>(::_wtoi(argv[4])), 0);
    ::SendMessageW(dialog, WM_COMMAND, MAKEWPARAM(id, CBN_SELCHANGE),
                   reinterpret_cast<LPARAM>(control));
  }
  if (mode == L"click" || mode == L"unanswered") press(dialog, control, id);
  if (mode == L"unanswered") std::printf("%lu\n", slowest_answer(dialog));
  return 0;
}
