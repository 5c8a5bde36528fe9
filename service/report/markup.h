#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast {

// Text from outside, made harmless for a page: as content and within a quoted attribute it is text
// and nothing else. Control characters become '?', what is longer than `max_bytes` is cut.
std::string escaped(std::string_view text, std::size_t max_bytes = 500);

// The same in an element of its own, so that text that is written from right to left, or whose
// direction was turned, leaves the rest of the line as it is.
std::string isolated(std::string_view text, std::size_t max_bytes = 500);

}  // namespace holdfast
