#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace holdfast {

// Paths cross into text and back here only: path::string() and path(std::string) mean the ANSI
// code page to one compiler and UTF-8 to another. What cannot be written as UTF-8 (half a surrogate
// pair in a Windows name) becomes U+FFFD; such a name does not lead back to its file.
std::string path_text(const std::filesystem::path& path);
std::filesystem::path text_path(std::string_view text);

}  // namespace holdfast
