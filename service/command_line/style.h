#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast {

// One less than the 80 of the narrowest usual terminal, whose last column some consoles wrap at.
constexpr std::size_t kUsualColumns = 79;

// What a word says of how things stand, for those who look quickly. The word itself says it too.
enum class Tone { Plain, Good, Caution, Bad };

// How a report is laid out for whoever reads it.
struct Style {
  enum class Colour { None, OfWords };

  Colour colour = Colour::None;
  std::size_t columns = kUsualColumns;
};

// The word, in colour where there is any.
std::string toned(std::string_view word, Tone tone, const Style& style);

// What is known of where a report is written to.
struct TerminalFacts {
  bool is_terminal = false;
  bool takes_colour = false;  // understands the sequences that switch colours
  std::size_t columns = 0;    // 0 when it is not known
  std::string no_color;       // the variable NO_COLOR of the environment, https://no-color.org
  std::string term;           // and TERM
};

// Colour only on a terminal that can show it and whose user did not refuse it. Lines that end
// before the terminal does, and never longer than is read with ease.
Style style_for(const TerminalFacts& facts);

}  // namespace holdfast
