#include "service/platform/event_text.h"

#include <event_texts.h>

#include <algorithm>

namespace holdfast {

std::string event_text(const Event& event) {
  const auto found =
      std::ranges::find(kEventTexts, event.id, &decltype(kEventTexts)::value_type::first);
  std::string text;
  if (found == kEventTexts.end()) return text;
  const std::string_view shape = found->second;
  for (std::size_t at = 0; at < shape.size(); ++at) {
    const std::size_t place =
        at + 1 < shape.size() ? static_cast<std::size_t>(shape[at + 1] - '1') : 9;
    if (shape[at] != '%' || place >= event.strings.size()) {
      text += shape[at];
    } else {
      text += event.strings[place];
      ++at;
    }
  }
  return text;
}

const char* event_severity(EventId id) {
  switch (static_cast<std::uint32_t>(id) / 1000) {
    case 1: return "information";
    case 2: return "warning";
    default: return "error";
  }
}

}  // namespace holdfast
