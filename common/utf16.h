#pragma once

#include <string>
#include <string_view>

namespace holdfast {

// For the expression that calls a W function, and nowhere else: text is UTF-8 inside.
// What is ill-formed becomes U+FFFD; nothing throws but bad_alloc.
std::wstring to_utf16(std::string_view utf8);
std::string to_utf8(std::wstring_view utf16);

}  // namespace holdfast
