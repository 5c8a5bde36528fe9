#include <windows.h>

#include "service/platform/system_path.h"

namespace holdfast {
namespace {

// Behind the prefix nothing is resolved any more.
std::wstring resolved(const std::wstring& path) {
  std::wstring text(path.size() + MAX_PATH, L'\0');
  const DWORD length =
      ::GetFullPathNameW(path.c_str(), static_cast<DWORD>(text.size()), text.data(), nullptr);
  if (length == 0 || length >= text.size()) return path;
  text.resize(length);
  return text;
}

}  // namespace

std::wstring system_path(const std::filesystem::path& path) {
  // Folders that are to hold files have less room than files have.
  constexpr std::size_t kMostCharacters = MAX_PATH - 13;
  std::wstring text = std::filesystem::path(path).make_preferred().wstring();
  if (text.size() <= kMostCharacters || text.starts_with(L"\\\\?\\")) return text;
  text = resolved(text);
  return text.starts_with(L"\\\\") ? L"\\\\?\\UNC" + text.substr(1) : L"\\\\?\\" + text;
}

}  // namespace holdfast
