#include "service/command_line/style.h"

#include <algorithm>

#include <fmt/format.h>

namespace holdfast {
namespace {

// Below this, words of usual length no longer fit.
constexpr std::size_t kFewestColumns = 40;

}  // namespace

std::string toned(std::string_view word, Tone tone, const Style& style) {
  if (style.colour == Style::Colour::None || tone == Tone::Plain) return std::string(word);
  const int colour = tone == Tone::Good ? 32 : tone == Tone::Caution ? 33 : 31;
  return fmt::format("\x1B[{}m{}\x1B[0m", colour, word);
}

Style style_for(const TerminalFacts& facts) {
  Style style;
  if (!facts.is_terminal) return style;
  if (facts.takes_colour && facts.no_color.empty() && facts.term != "dumb") {
    style.colour = Style::Colour::OfWords;
  }
  if (facts.columns > 0) {
    style.columns = std::clamp(facts.columns - 1, kFewestColumns, kUsualColumns);
  }
  return style;
}

}  // namespace holdfast
