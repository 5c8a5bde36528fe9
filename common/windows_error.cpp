#include "common/windows_error.h"

#include <windows.h>

#include <utility>

#include "common/unique_handle.h"
#include "common/utf16.h"

namespace holdfast {

std::string windows_error_text(std::uint32_t code) {
  wchar_t* allocated = nullptr;
  const DWORD length = ::FormatMessageW(
      FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
      nullptr, code, 0, reinterpret_cast<wchar_t*>(&allocated), 0, nullptr);
  const LocalMemory owner(allocated);
  std::wstring_view words(allocated, length);
  const auto end = words.find_last_not_of(L" .\r\n");
  words = words.substr(0, end == std::wstring_view::npos ? 0 : end + 1);
  const std::string number = "error " + std::to_string(code);
  return words.empty() ? number : to_utf8(words) + " (" + number + ")";
}

Error windows_error(const std::string& attempt, std::uint32_t code, std::string action) {
  const auto kind =
      code == ERROR_ACCESS_DENIED ? ErrorCode::AccessDenied : ErrorCode::SystemCallFailed;
  return {kind, attempt + ": " + windows_error_text(code) + ".", std::move(action)};
}

}  // namespace holdfast
