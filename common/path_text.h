#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace holdfast {

// Paths cross into text and back here only: path::string() and path(std::string) mean the ANSI
// code page to one compiler and UTF-8 to another.
inline std::string path_text(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return {text.begin(), text.end()};
}

inline std::filesystem::path text_path(std::string_view text) {
  return std::u8string(text.begin(), text.end());
}

}  // namespace holdfast
