#include <windows.h>

#include <string>
#include <vector>

#include "common/utf16.h"
#include "service/command_line/command_line.h"
#include "service/command_line/console.h"
#include "service/platform/cloud_files.h"
#include "service/platform/shared_delete.h"

namespace {

// The console's code page for output, put back as it was: scripts that follow count on it.
class Utf8Console {
 public:
  Utf8Console() : before_(::GetConsoleOutputCP()) { ::SetConsoleOutputCP(CP_UTF8); }
  Utf8Console(const Utf8Console&) = delete;
  Utf8Console& operator=(const Utf8Console&) = delete;
  ~Utf8Console() {
    if (before_ != 0) ::SetConsoleOutputCP(before_);
  }

 private:
  UINT before_;
};

}  // namespace

int wmain(int count, wchar_t** arguments) {
  // Before anything is loaded: no DLL comes from the current folder or the path.
  ::SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
  holdfast::expose_placeholders();
  holdfast::share_deletes();
  const Utf8Console utf8;
  const holdfast::Console console;
  std::vector<std::string> words;
  for (int i = 1; i < count; ++i) words.push_back(holdfast::to_utf8(arguments[i]));
  return static_cast<int>(
      holdfast::run_command_line(words, holdfast::commands(), console.output()));
}
