#include "service/report/markup.h"

#include "common/text.h"

namespace holdfast {

std::string escaped(std::string_view text, std::size_t max_bytes) {
  std::string markup;
  for (const char letter : one_line(text, max_bytes)) {
    switch (letter) {
      case '&': markup += "&amp;"; break;
      case '<': markup += "&lt;"; break;
      case '>': markup += "&gt;"; break;
      case '"': markup += "&quot;"; break;
      case '\'': markup += "&#39;"; break;
      default: markup += letter;
    }
  }
  return markup;
}

std::string isolated(std::string_view text, std::size_t max_bytes) {
  return "<bdi>" + escaped(text, max_bytes) + "</bdi>";
}

}  // namespace holdfast
