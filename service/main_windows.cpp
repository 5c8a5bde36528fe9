#include <windows.h>

#include <iostream>
#include <string>
#include <vector>

#include "common/utf16.h"
#include "service/command_line/command_line.h"

int wmain(int count, wchar_t** arguments) {
  // Before anything is loaded: no DLL comes from the current folder or the path.
  ::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  ::SetConsoleOutputCP(CP_UTF8);
  std::vector<std::string> words;
  for (int i = 1; i < count; ++i) words.push_back(holdfast::to_utf8(arguments[i]));
  return static_cast<int>(
      holdfast::run_command_line(words, holdfast::commands(), {std::cout, std::cerr}));
}
