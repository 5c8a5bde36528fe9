#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast {

// Whether the bytes are well-formed UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view bytes);

// The candidate a person most likely meant by `word`: at most a third of it mistyped, where a
// missing, an added, a changed letter and two swapped neighbours count as one slip each.
std::optional<std::string_view> closest(std::string_view word,
                                        std::span<const std::string_view> candidates);

// The text made safe to show or log on one line: control characters become '?', and what is longer
// than `max_bytes` is cut at a character's border and ends in "...".
std::string one_line(std::string_view text, std::size_t max_bytes = 200);

// "12.3 MB": three digits that matter, in the units that people see elsewhere.
std::string size_text(std::uint64_t bytes);

}  // namespace holdfast
