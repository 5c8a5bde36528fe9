#include "tests/support/wine.h"

#include <windows.h>

namespace holdfast {

bool runs_under_wine() {
  return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

}  // namespace holdfast
