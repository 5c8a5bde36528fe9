#include "common/text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace holdfast {
namespace {

// The sequences of Unicode's table 3-7: the first byte's range, the second byte's range, and how
// many plain continuation bytes (80..BF) follow.
struct Sequence {
  unsigned char first_low, first_high, second_low, second_high;
  std::size_t more;
};
constexpr std::array<Sequence, 8> kSequences{{
    {0xC2, 0xDF, 0x80, 0xBF, 0},
    {0xE0, 0xE0, 0xA0, 0xBF, 1},
    {0xE1, 0xEC, 0x80, 0xBF, 1},
    {0xED, 0xED, 0x80, 0x9F, 1},
    {0xEE, 0xEF, 0x80, 0xBF, 1},
    {0xF0, 0xF0, 0x90, 0xBF, 2},
    {0xF1, 0xF3, 0x80, 0xBF, 2},
    {0xF4, 0xF4, 0x80, 0x8F, 2},
}};

bool within(char byte, unsigned char low, unsigned char high) {
  const auto value = static_cast<unsigned char>(byte);
  return low <= value && value <= high;
}

// The length of the well-formed character that `bytes` starts with; 0 when there is none.
std::size_t character_length(std::string_view bytes) {
  if (within(bytes[0], 0x00, 0x7F)) return 1;
  for (const Sequence& sequence : kSequences) {
    if (!within(bytes[0], sequence.first_low, sequence.first_high)) continue;
    const std::size_t length = 2 + sequence.more;
    if (bytes.size() < length) return 0;
    if (!within(bytes[1], sequence.second_low, sequence.second_high)) return 0;
    const bool rest =
        std::all_of(bytes.begin() + 2, bytes.begin() + static_cast<std::ptrdiff_t>(length),
                    [](char byte) { return within(byte, 0x80, 0xBF); });
    return rest ? length : 0;
  }
  return 0;
}

// What steers a terminal instead of being drawn: the control characters of ASCII and of ISO 6429
// (of which U+009B begins a sequence like ESC), the line and paragraph separators, and what turns
// the direction of the text behind it.
bool is_control(std::string_view character) {
  if (character.size() == 1) return within(character[0], 0x00, 0x1F) || character[0] == 0x7F;
  if (character.size() == 2) return character[0] == '\xC2' && within(character[1], 0x80, 0x9F);
  return character.size() == 3 &&
         ((character.starts_with("\xE2\x80") && within(character[2], 0xA8, 0xAE)) ||
          (character.starts_with("\xE2\x81") && within(character[2], 0xA6, 0xA9)));
}

// Optimal string alignment distance.
std::size_t slips_between(std::string_view typed, std::string_view meant) {
  const std::size_t columns = meant.size() + 1;
  std::vector<std::vector<std::size_t>> cost(typed.size() + 1, std::vector<std::size_t>(columns));
  for (std::size_t i = 0; i <= typed.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j < columns; ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= typed.size(); ++i) {
    for (std::size_t j = 1; j < columns; ++j) {
      const std::size_t change = cost[i - 1][j - 1] + (typed[i - 1] == meant[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, change});
      const bool swapped =
          i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[typed.size()][meant.size()];
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    if (length == 0) return false;
    bytes.remove_prefix(length);
  }
  return true;
}

std::optional<std::string_view> closest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  // Nobody mistypes a word of 64 letters, and the comparison's cost grows with the square.
  if (word.empty() || word.size() > 64) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = word.size();
  for (const std::string_view candidate : candidates) {
    const std::size_t slips = slips_between(word, candidate);
    if (slips <= std::max(word.size(), candidate.size()) / 3 && slips < fewest) {
      fewest = slips;
      best = candidate;
    }
  }
  return best;
}

std::string one_line(std::string_view text, std::size_t max_bytes) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, character_length(text));
    if (line.size() + length > max_bytes) return line + "...";
    if (character_length(text) > 0 && !is_control(text.substr(0, length))) {
      line += text.substr(0, length);
    } else {
      line += '?';
    }
    text.remove_prefix(length);
  }
  return line;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"bytes", "KB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, decimals, kUnits.at(unit));
}

}  // namespace holdfast
