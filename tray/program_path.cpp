#include "tray/program_path.h"

#include <windows.h>

#include <string>

namespace holdfast {

std::filesystem::path program_path() {
  std::wstring path(MAX_PATH, L'\0');
  DWORD length = 0;
  while ((length = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()))) ==
         path.size()) {
    path.resize(path.size() * 2);
  }
  path.resize(length);
  return path;
}

}  // namespace holdfast
