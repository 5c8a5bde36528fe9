#pragma once

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

namespace holdfast {

struct JsonBounds {
  std::size_t depth = 16;
  std::size_t parts = 0;  // values, and the beginnings and ends of objects and lists
};

// Parses within bounds: what is hostile may be deep or have more parts than memory. Throws
// std::runtime_error with the end of a sentence about the text ("it is not JSON").
nlohmann::json parse_bounded_json(std::string_view text, const JsonBounds& bounds);

}  // namespace holdfast
