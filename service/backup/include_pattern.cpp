#include "service/backup/include_pattern.h"

#include <utility>

namespace holdfast {
namespace {

char folded(char c, LetterCase letter_case) {
  return letter_case == LetterCase::Ignored && 'A' <= c && c <= 'Z'
             ? static_cast<char>(c - 'A' + 'a')
             : c;
}

// How many bytes the character takes that the text starts with.
std::size_t character_bytes(std::string_view text) {
  std::size_t bytes = 1;
  while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80) ++bytes;
  return bytes;
}

// Greedy with one step back: the last '*' takes one character more whenever the rest does not fit.
bool name_matches(std::string_view pattern, std::string_view name, LetterCase letter_case) {
  std::string_view after_star;
  std::string_view name_at_star;
  bool has_star = false;
  while (!name.empty()) {
    if (!pattern.empty() && pattern[0] == '*') {
      pattern.remove_prefix(1);
      after_star = pattern;
      name_at_star = name;
      has_star = true;
    } else if (!pattern.empty() && pattern[0] == '?') {
      pattern.remove_prefix(1);
      name.remove_prefix(character_bytes(name));
    } else if (!pattern.empty() &&
               folded(pattern[0], letter_case) == folded(name[0], letter_case)) {
      pattern.remove_prefix(1);
      name.remove_prefix(1);
    } else if (has_star) {
      name_at_star.remove_prefix(character_bytes(name_at_star));
      name = name_at_star;
      pattern = after_star;
    } else {
      return false;
    }
  }
  while (!pattern.empty() && pattern[0] == '*') pattern.remove_prefix(1);
  return pattern.empty();
}

// The first name of a path, and what follows its '/'.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos) return {path, {}};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

bool matches_include(std::string_view pattern, std::string_view path, LetterCase letter_case) {
  if (pattern.empty() || path.empty()) return pattern.empty() && path.empty();
  // "chroma/" is what people write for all that is in it.
  const auto [first_pattern, rest_of_pattern] = split(pattern);
  const std::string_view more_patterns =
      pattern.ends_with('/') && rest_of_pattern.empty() ? std::string_view("**") : rest_of_pattern;
  if (first_pattern == "**") {
    if (more_patterns.empty()) return true;
    for (std::string_view rest = path; !rest.empty(); rest = split(rest).second) {
      if (matches_include(more_patterns, rest, letter_case)) return true;
    }
    return false;
  }
  const auto [first_name, more_names] = split(path);
  return name_matches(first_pattern, first_name, letter_case) &&
         matches_include(more_patterns, more_names, letter_case);
}

}  // namespace holdfast
