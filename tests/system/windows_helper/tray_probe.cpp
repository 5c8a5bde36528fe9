// Looks at the tray's windows from another program of the same session:
//   tray_probe title                 prints the title of the tray's window, the icon's tooltip
//   tray_probe command ID            sends the tray's window the command of a menu line
//   tray_probe close-menu            closes the tray's menu
//   tray_probe taskbar-created       tells all windows that the taskbar is new
//   tray_probe theme-changed         tells all windows that the theme is another one
//   tray_probe icon-event EVENT      tells the tray's window of an event of its icon, a number
//   tray_probe slowest MS            asks the tray's thread again and again for so long whether it
//                                    is there, and prints the longest time in ms that it took
//   tray_probe foreground            prints the title of the window that is in front
//   tray_probe visible WINDOW        prints its title; exit code 1 if there is none
// WINDOW is the class of a visible window, or its title behind an "=". And of such a window:
//   tray_probe texts WINDOW          prints the texts of its visible controls, each with "+" when
//                                    it can be used and "-" when not
//   tray_probe names WINDOW          prints the name that a screen reader has for each control that
//                                    the tabulator leads to
//   tray_probe click WINDOW TEXT     presses the button with that text
//   tray_probe choose WINDOW NUMBER  chooses a line of its first combo box, from 0
//   tray_probe type WINDOW TEXT      puts the text into its edit control
//   tray_probe key WINDOW KEY [ctrl] presses a key, by its number, in what has the focus
//   tray_probe rows WINDOW           prints the rows of its list view, cells between " | "
//   tray_probe count WINDOW          prints how many these are
//   tray_probe select WINDOW ROW     selects a row of its list view
//   tray_probe selected WINDOW       prints which row of it is selected, from 0; -1 for none
//   tray_probe bar WINDOW            prints how far its progress bar is, in per cent
//   tray_probe focus WINDOW          prints the text of the control that has the focus
//   tray_probe place WINDOW          prints its left, top, right and bottom on the screen
//   tray_probe focus-place WINDOW    prints those of the control that has the focus
//   tray_probe enabled WINDOW        exit code 0 when it can be used, 1 when not
//   tray_probe close WINDOW          closes it

#include <windows.h>
#include <commctrl.h>

#include <algorithm>
#include <cstddef>
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

HWND visible_window(const wchar_t* wanted) {
  const wchar_t* const window_class = *wanted == L'=' ? nullptr : wanted;
  const wchar_t* const title = *wanted == L'=' ? wanted + 1 : nullptr;
  HWND window = nullptr;
  while ((window = ::FindWindowExW(nullptr, window, window_class, title)) != nullptr) {
    if (::IsWindowVisible(window)) return window;
  }
  return nullptr;
}

std::wstring text_of(HWND window) {
  wchar_t text[2048] = {};
  ::SendMessageTimeoutW(window, WM_GETTEXT, 2048, reinterpret_cast<LPARAM>(text), SMTO_ABORTIFHUNG,
                        5000, nullptr);
  return text;
}

BOOL CALLBACK print_control(HWND control, LPARAM parent) {
  if (!::IsWindowVisible(control) || ::GetParent(control) != reinterpret_cast<HWND>(parent)) {
    return TRUE;
  }
  const std::wstring text = text_of(control);
  if (!text.empty()) print(((::IsWindowEnabled(control) ? L"+" : L"-") + text).c_str());
  return TRUE;
}

bool is_of_class(HWND control, const wchar_t* wanted) {
  wchar_t name[64] = {};
  ::GetClassNameW(control, name, 64);
  return ::_wcsicmp(name, wanted) == 0;
}

// What stands in such a control is no name.
bool is_named_by_label(HWND control) {
  return is_of_class(control, WC_EDITW) || is_of_class(control, WC_COMBOBOXW) ||
         is_of_class(control, WC_LISTVIEWW);
}

// As Windows finds it: the text that stands last before the control, seen or not, unless there is
// another control in between.
std::wstring label_of(HWND control) {
  HWND before = control;
  while ((before = ::GetWindow(before, GW_HWNDPREV)) != nullptr) {
    if (is_of_class(before, WC_STATICW)) return text_of(before);
    if ((::GetWindowLongPtrW(before, GWL_STYLE) & (WS_TABSTOP | WS_GROUP)) != 0) break;
  }
  return {};
}

BOOL CALLBACK print_name(HWND control, LPARAM parent) {
  const bool is_reached = ::IsWindowVisible(control) &&
                          ::GetParent(control) == reinterpret_cast<HWND>(parent) &&
                          (::GetWindowLongPtrW(control, GWL_STYLE) & WS_TABSTOP) != 0;
  if (!is_reached) return TRUE;
  print((is_named_by_label(control) ? label_of(control) : text_of(control)).c_str());
  return TRUE;
}

// Without the marks of access keys.
std::wstring plain(std::wstring text) {
  std::erase(text, L'&');
  return text;
}

struct Wanted {
  std::wstring text;
  HWND found;
};

BOOL CALLBACK match_control(HWND control, LPARAM wanted) {
  auto* const search = reinterpret_cast<Wanted*>(wanted);
  if (plain(text_of(control)) != search->text || !::IsWindowVisible(control)) return TRUE;
  search->found = control;
  return FALSE;
}

// Posted, because what the button does may open a window that waits.
int click(HWND window, const wchar_t* text) {
  Wanted wanted{plain(text), nullptr};
  ::EnumChildWindows(window, &match_control, reinterpret_cast<LPARAM>(&wanted));
  if (wanted.found == nullptr || !::IsWindowEnabled(wanted.found)) return 1;
  return ::PostMessageW(wanted.found, BM_CLICK, 0, 0) ? 0 : 1;
}

BOOL CALLBACK match_edit(HWND control, LPARAM found) {
  if (!is_of_class(control, WC_EDITW) || !::IsWindowVisible(control)) return TRUE;
  *reinterpret_cast<HWND*>(found) = control;
  return FALSE;
}

int type(HWND window, const wchar_t* text) {
  HWND edit = nullptr;
  ::EnumChildWindows(window, &match_edit, reinterpret_cast<LPARAM>(&edit));
  if (edit == nullptr) return 1;
  ::SendMessageW(edit, WM_SETTEXT, 0, reinterpret_cast<LPARAM>(text));
  return 0;
}

HWND focus_of(HWND window) {
  GUITHREADINFO info{};
  info.cbSize = sizeof info;
  ::GetGUIThreadInfo(::GetWindowThreadProcessId(window, nullptr), &info);
  return info.hwndFocus;
}

// As the keyboard does it for a window that has the focus of its thread.
int press(HWND window, WPARAM key, bool with_control) {
  const HWND focus = focus_of(window);
  const DWORD other = ::GetWindowThreadProcessId(window, nullptr);
  ::AttachThreadInput(::GetCurrentThreadId(), other, TRUE);
  BYTE keys[256] = {};
  ::GetKeyboardState(keys);
  keys[VK_CONTROL] = with_control ? 0x80 : 0;
  ::SetKeyboardState(keys);
  const BOOL posted = ::PostMessageW(focus != nullptr ? focus : window, WM_KEYDOWN, key, 1);
  // Until the key was taken, the other one stays pressed.
  ::SendMessageTimeoutW(window, WM_NULL, 0, 0, SMTO_ABORTIFHUNG, 5000, nullptr);
  ::Sleep(200);
  keys[VK_CONTROL] = 0;
  ::SetKeyboardState(keys);
  ::AttachThreadInput(::GetCurrentThreadId(), other, FALSE);
  return posted ? 0 : 1;
}

// What is read from another process has to lie in its memory.
class RemoteItem {
 public:
  explicit RemoteItem(HWND list) : list_(list) {
    DWORD id = 0;
    ::GetWindowThreadProcessId(list, &id);
    process_ = ::OpenProcess(PROCESS_VM_OPERATION | PROCESS_VM_READ | PROCESS_VM_WRITE, FALSE, id);
    memory_ = static_cast<char*>(
        ::VirtualAllocEx(process_, nullptr, sizeof(Content), MEM_COMMIT, PAGE_READWRITE));
  }
  RemoteItem(const RemoteItem&) = delete;
  RemoteItem& operator=(const RemoteItem&) = delete;
  ~RemoteItem() {
    ::VirtualFreeEx(process_, memory_, 0, MEM_RELEASE);
    ::CloseHandle(process_);
  }

  std::wstring text(int row, int column) const {
    Content content{};
    content.item.iSubItem = column;
    content.item.cchTextMax = 512;
    content.item.pszText = reinterpret_cast<wchar_t*>(memory_ + offsetof(Content, text));
    send(LVM_GETITEMTEXTW, row, content);
    ::ReadProcessMemory(process_, memory_, &content, sizeof content, nullptr);
    return content.text;
  }

  void select(int row) const {
    Content content{};
    content.item.stateMask = LVIS_SELECTED | LVIS_FOCUSED;
    send(LVM_SETITEMSTATE, -1, content);
    content.item.state = LVIS_SELECTED | LVIS_FOCUSED;
    send(LVM_SETITEMSTATE, row, content);
  }

 private:
  struct Content {
    LVITEMW item;
    wchar_t text[512];
  };

  void send(UINT message, int row, const Content& content) const {
    ::WriteProcessMemory(process_, memory_, &content, sizeof content, nullptr);
    ::SendMessageW(list_, message, static_cast<WPARAM>(row), reinterpret_cast<LPARAM>(memory_));
  }

  HWND list_;
  HANDLE process_ = nullptr;
  char* memory_ = nullptr;
};

HWND list_of(HWND window) {
  return ::FindWindowExW(window, nullptr, WC_LISTVIEWW, nullptr);
}

int print_answer(HWND control, UINT message, WPARAM first, LPARAM second) {
  if (control == nullptr) return 1;
  std::printf("%d\n", static_cast<int>(::SendMessageW(control, message, first, second)));
  return 0;
}

int print_rows(HWND list) {
  if (list == nullptr) return 1;
  const auto rows = static_cast<int>(::SendMessageW(list, LVM_GETITEMCOUNT, 0, 0));
  const auto header = reinterpret_cast<HWND>(::SendMessageW(list, LVM_GETHEADER, 0, 0));
  const auto columns = static_cast<int>(::SendMessageW(header, HDM_GETITEMCOUNT, 0, 0));
  const RemoteItem item(list);
  for (int row = 0; row < rows; ++row) {
    std::wstring line;
    for (int column = 0; column < columns; ++column) {
      line += (column == 0 ? L"" : L" | ") + item.text(row, column);
    }
    print(line.c_str());
  }
  return 0;
}

int print_slowest(HWND window, int milliseconds) {
  const ULONGLONG end = ::GetTickCount64() + static_cast<ULONGLONG>(milliseconds);
  LARGE_INTEGER frequency{};
  ::QueryPerformanceFrequency(&frequency);
  long long slowest = 0;
  while (::GetTickCount64() < end) {
    LARGE_INTEGER asked{};
    LARGE_INTEGER answered{};
    ::QueryPerformanceCounter(&asked);
    ::SendMessageTimeoutW(window, WM_NULL, 0, 0, SMTO_NORMAL, 60000, nullptr);
    ::QueryPerformanceCounter(&answered);
    slowest = std::max(slowest, answered.QuadPart - asked.QuadPart);
    ::Sleep(1);
  }
  std::printf("%lld\n", slowest * 1000 / frequency.QuadPart);
  return 0;
}

int print_place(HWND window) {
  RECT place{};
  ::GetWindowRect(window, &place);
  std::printf("%ld %ld %ld %ld\n", place.left, place.top, place.right, place.bottom);
  return 0;
}

int choose(HWND window, int number) {
  const HWND combo = ::FindWindowExW(window, nullptr, WC_COMBOBOXW, nullptr);
  if (combo == nullptr) return 1;
  ::SendMessageW(combo, CB_SETCURSEL, static_cast<WPARAM>(number), 0);
  const auto id = static_cast<WORD>(::GetDlgCtrlID(combo));
  ::PostMessageW(window, WM_COMMAND, MAKEWPARAM(id, CBN_SELCHANGE),
                 reinterpret_cast<LPARAM>(combo));
  return 0;
}

int with_window(const std::wstring& mode, HWND window, int argc, wchar_t** argv) {
  if (window == nullptr) return 1;
  if (mode == L"texts") {
    ::EnumChildWindows(window, &print_control, reinterpret_cast<LPARAM>(window));
    return 0;
  }
  if (mode == L"names") {
    ::EnumChildWindows(window, &print_name, reinterpret_cast<LPARAM>(window));
    return 0;
  }
  if (mode == L"click" && argc == 4) return click(window, argv[3]);
  if (mode == L"place") return print_place(window);
  if (mode == L"focus-place") return print_place(focus_of(window));
  if (mode == L"enabled") return ::IsWindowEnabled(window) ? 0 : 1;
  if (mode == L"choose" && argc == 4) return choose(window, ::_wtoi(argv[3]));
  if (mode == L"type" && argc == 4) return type(window, argv[3]);
  if (mode == L"key" && argc >= 4) {
    return press(window, static_cast<WPARAM>(::_wtoi(argv[3])), argc == 5);
  }
  if (mode == L"rows") return print_rows(list_of(window));
  if (mode == L"count") return print_answer(list_of(window), LVM_GETITEMCOUNT, 0, 0);
  if (mode == L"selected") {
    return print_answer(list_of(window), LVM_GETNEXTITEM, static_cast<WPARAM>(-1), LVNI_SELECTED);
  }
  if (mode == L"bar") {
    return print_answer(::FindWindowExW(window, nullptr, PROGRESS_CLASSW, nullptr), PBM_GETPOS, 0,
                        0);
  }
  if (mode == L"select" && argc == 4) {
    RemoteItem(list_of(window)).select(::_wtoi(argv[3]));
    return 0;
  }
  if (mode == L"focus") {
    print(text_of(focus_of(window)).c_str());
    return 0;
  }
  if (mode == L"close") return ::PostMessageW(window, WM_CLOSE, 0, 0) ? 0 : 1;
  return 2;
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
  if (mode == L"icon-event" && argc == 3) {
    constexpr UINT kIconMessage = WM_APP + 2;
    return ::PostMessageW(tray, kIconMessage, 0, ::_wtoi(argv[2])) ? 0 : 1;
  }
  if (mode == L"foreground" && argc == 2) return print_title(::GetForegroundWindow());
  if (mode == L"slowest" && argc == 3) return print_slowest(tray, ::_wtoi(argv[2]));
  if (argc >= 3) {
    const int result = with_window(mode, visible_window(argv[2]), argc, argv);
    if (result != 2) return result;
  }
  std::fprintf(stderr, "usage: the modes are told at the beginning of tray_probe.cpp\n");
  return 2;
}
