#include <windows.h>
#include <tlhelp32.h>

#include "common/unique_handle.h"
#include "common/utf16.h"
#include "common/windows_error.h"
#include "service/platform/running_programs.h"

namespace holdfast {
namespace {

Error failure(DWORD code) {
  return windows_error("Cannot list the running programs", code,
                       "Restart the computer if this lasts.");
}

}  // namespace

std::set<std::string> running_programs() {
  const FileHandle processes(::CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0));
  if (!processes) throw failure(::GetLastError());
  std::set<std::string> names;
  PROCESSENTRY32W process{.dwSize = sizeof(PROCESSENTRY32W)};
  BOOL found = ::Process32FirstW(processes.get(), &process);
  for (; found; found = ::Process32NextW(processes.get(), &process)) {
    names.insert(to_utf8(process.szExeFile));
  }
  if (::GetLastError() != ERROR_NO_MORE_FILES) throw failure(::GetLastError());
  return names;
}

}  // namespace holdfast
