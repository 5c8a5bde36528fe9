#include <windows.h>

#include "service/platform/system_path.h"

namespace holdfast {

std::wstring system_path(const std::filesystem::path& path) {
  // Folders that are to hold files have less room than files have.
  constexpr std::size_t kMostCharacters = MAX_PATH - 13;
  std::wstring text = std::filesystem::path(path).make_preferred().wstring();
  if (text.size() <= kMostCharacters || !path.is_absolute() || text.starts_with(L"\\\\?\\")) {
    return text;
  }
  // Behind the prefix nothing is resolved any more.
  text = path.lexically_normal().make_preferred().wstring();
  return text.starts_with(L"\\\\") ? L"\\\\?\\UNC" + text.substr(1) : L"\\\\?\\" + text;
}

}  // namespace holdfast
