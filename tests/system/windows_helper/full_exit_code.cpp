// Runs a command and writes its exit code to a file: full_exit_code FILE COMMAND [ARGUMENT]...
// Wine hands only the lowest 8 of the 32 bits to whoever started it.

#include <windows.h>

#include <cstdio>
#include <string>

namespace {

// The command line behind its first `count` arguments, with its quotes as they were.
std::wstring command_line_after(int count) {
  const wchar_t* at = ::GetCommandLineW();
  for (; count > 0; --count) {
    for (bool quoted = false; *at != L'\0' && (quoted || *at != L' '); ++at) {
      if (*at == L'"') quoted = !quoted;
    }
    while (*at == L' ') ++at;
  }
  return at;
}

int fail(const char* what) {
  std::fprintf(stderr, "full_exit_code: %s failed with error %lu.\n", what, ::GetLastError());
  return 1;
}

}  // namespace

int wmain(int argc, wchar_t** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: full_exit_code FILE COMMAND [ARGUMENT]...\n");
    return 2;
  }

  std::wstring command = command_line_after(2);
  STARTUPINFOW startup{};
  startup.cb = sizeof(startup);
  PROCESS_INFORMATION process{};
  if (!::CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr,
                        &startup, &process)) {
    return fail("Starting the command");
  }
  ::CloseHandle(process.hThread);
  ::WaitForSingleObject(process.hProcess, INFINITE);
  DWORD exit_code = 0;
  const BOOL known = ::GetExitCodeProcess(process.hProcess, &exit_code);
  ::CloseHandle(process.hProcess);
  if (!known) return fail("Reading the exit code");

  std::FILE* file = ::_wfopen(argv[1], L"wb");
  if (file == nullptr) return fail("Opening the file");
  std::fprintf(file, "%lu\n", exit_code);
  return std::fclose(file) == 0 ? 0 : fail("Writing the file");
}
