#include <windows.h>
#include <lmcons.h>

#include <string_view>

#include "common/utf16.h"
#include "service/platform/machine.h"

namespace holdfast {

LetterCase path_letter_case() {
  return LetterCase::Ignored;
}

std::string host_name() {
  std::wstring name(256, L'\0');
  auto size = static_cast<DWORD>(name.size());
  if (!::GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size)) return "unknown";
  return to_utf8(std::wstring_view(name.data(), size));
}

std::string user_name() {
  std::wstring name(UNLEN + 1, L'\0');
  auto size = static_cast<DWORD>(name.size());
  if (!::GetUserNameW(name.data(), &size) || size == 0) return "unknown";
  return to_utf8(std::wstring_view(name.data(), size - 1));
}

}  // namespace holdfast
