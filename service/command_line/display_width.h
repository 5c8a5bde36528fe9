#pragma once

#include <cstddef>
#include <string_view>

namespace holdfast {

// How many columns of a terminal the text takes: none for combining marks, two for East Asian wide
// characters and emoji. What is no UTF-8 takes one for each byte.
std::size_t display_width(std::string_view text);

}  // namespace holdfast
