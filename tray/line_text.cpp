#include "tray/line_text.h"

#include <cstdint>

#include "common/text.h"

namespace holdfast {
namespace {

// What the character that starts with this byte of UTF-8 takes in UTF-16; 0 inside a character.
std::size_t utf16_units(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  if (value >= 0xF0) return 2;
  return (value & 0xC0) == 0x80 ? 0 : 1;
}

}  // namespace

std::string fitted(std::string_view text, std::size_t max_units) {
  constexpr std::string_view kCut = "...";
  constexpr std::size_t kMaxBytes = 4096;
  std::string line = one_line(text, kMaxBytes);
  std::size_t units = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t more = utf16_units(line[i]);
    if (more > 0 && units + kCut.size() <= max_units) cut = i;
    units += more;
    if (units > max_units) return line.substr(0, cut).append(kCut);
  }
  return line;
}

std::string capitalized(std::string text) {
  if (!text.empty() && 'a' <= text[0] && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

std::string with_plain_ampersands(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped.append(c == '&' ? 2 : 1, c);
  return escaped;
}

std::string grouped(long long number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > first + 3;) {
    place -= 3;
    text.insert(place, 1, ',');
  }
  return text;
}

}  // namespace holdfast
