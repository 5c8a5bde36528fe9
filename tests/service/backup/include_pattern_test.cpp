#include "service/backup/include_pattern.h"

#include <string>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

TEST_CASE("An include pattern names the files that its words suggest, and no others") {
  struct Row {
    std::string pattern, path;
    bool matches;
  };
  const Row rows[] = {
      {"settings.json", "settings.json", true},
      {"settings.json", "old/settings.json", false},
      {"settings.json", "settings.jsonx", false},
      {"*.json", "settings.json", true},
      {"*.json", "a/settings.json", false},
      {"*", ".hidden", true},
      {"s*n", "settings.json", true},
      {"*s*s*", "settings", true},
      {"*x*", "settings", false},
      {"?.txt", "a.txt", true},
      {"?.txt", "ä.txt", true},
      {"?.txt", "ab.txt", false},
      {"*a?c", "aabäc", false},
      {"*b?c", "aabäc", true},
      {"chroma/**", "chroma/index.bin", true},
      {"chroma/**", "chroma/a/b/c", true},
      {"chroma/**", "chroma", false},
      {"chroma/**", "chromatic/a", false},
      {"**", "a/b/c", true},
      {"**/*.pdf", "letter.pdf", true},
      {"**/*.pdf", "2024/05/letter.pdf", true},
      {"**/*.pdf", "2024/05/letter.txt", false},
      {"a/**/z", "a/z", true},
      {"a/**/z", "a/b/c/z", true},
      {"a/**/z", "a/b/c/y", false},
      {"", "a", false},
      {"chroma/", "chroma/a/b", true},
      {"a/", "a", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.pattern, row.path);
    CHECK(matches_include(row.pattern, row.path, LetterCase::Matters) == row.matches);
  }
}

TEST_CASE("Letter case counts or not, as the file system has it") {
  CHECK_FALSE(matches_include("Chroma/**", "chroma/x", LetterCase::Matters));
  CHECK(matches_include("Chroma/*.BIN", "chroma/x.bin", LetterCase::Ignored));
}

TEST_CASE("A hostile pattern is decided quickly") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  CHECK_FALSE(matches_include(pattern + "b", std::string(5000, 'a'), LetterCase::Matters));
}

}  // namespace
}  // namespace holdfast
