#include "service/archive/bounded_json.h"

#include <stdexcept>

namespace holdfast {

nlohmann::json parse_bounded_json(std::string_view text, const JsonBounds& bounds) {
  using nlohmann::json;
  std::size_t parts = 0;
  const auto watch = [&](int depth, json::parse_event_t, const json&) {
    if (static_cast<std::size_t>(depth) > bounds.depth) {
      throw std::runtime_error("it is nested too deeply");
    }
    if (++parts > bounds.parts) throw std::runtime_error("it has too many parts");
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception&) {
    throw std::runtime_error("it is not JSON");
  }
}

}  // namespace holdfast
