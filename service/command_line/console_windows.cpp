#include <windows.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "common/utf16.h"
#include "service/command_line/console.h"

namespace holdfast {
namespace {

std::string variable(const wchar_t* name) {
  wchar_t value[64]{};
  const DWORD length = ::GetEnvironmentVariableW(name, value, DWORD{std::size(value)});
  // What is too long to be read is set all the same.
  return length < std::size(value) ? to_utf8(std::wstring_view(value, length)) : "set";
}

// _isatty() is true for NUL, too; only a console has a mode.
TerminalFacts facts_of(DWORD stream) {
  const HANDLE console = ::GetStdHandle(stream);
  TerminalFacts facts{.no_color = variable(L"NO_COLOR"), .term = variable(L"TERM")};
  DWORD mode = 0;
  facts.is_terminal = ::GetConsoleMode(console, &mode) != FALSE;
  CONSOLE_SCREEN_BUFFER_INFO screen{};
  if (facts.is_terminal && ::GetConsoleScreenBufferInfo(console, &screen) != FALSE) {
    const int columns = screen.srWindow.Right - screen.srWindow.Left + 1;
    facts.columns = static_cast<std::size_t>(std::max(columns, 0));
  }
  return facts;
}

}  // namespace

Console::Console() : out_(facts_of(STD_OUTPUT_HANDLE)), err_(facts_of(STD_ERROR_HANDLE)) {
  if (!out_.is_terminal) return;
  const HANDLE console = ::GetStdHandle(STD_OUTPUT_HANDLE);
  DWORD mode = 0;
  ::GetConsoleMode(console, &mode);
  mode_before_ = mode;
  // Refused by consoles before Windows 10 1511, and by the old one that can still be chosen.
  out_.takes_colour = ::SetConsoleMode(console, mode | ENABLE_PROCESSED_OUTPUT |
                                                    ENABLE_VIRTUAL_TERMINAL_PROCESSING) != FALSE;
}

Console::~Console() {
  if (out_.is_terminal) ::SetConsoleMode(::GetStdHandle(STD_OUTPUT_HANDLE), mode_before_);
}

Output Console::output() const {
  return {.out = std::cout,
          .err = std::cerr,
          .err_is_terminal = err_.is_terminal,
          .err_columns = style_for(err_).columns,
          .style = style_for(out_)};
}

}  // namespace holdfast
