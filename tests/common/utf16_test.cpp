#include "common/utf16.h"

#include <catch2/catch_test_macros.hpp>

#include "common/path_text.h"

namespace holdfast {
namespace {

TEST_CASE("Text survives the way to UTF-16 and back") {
  for (const char* text : {"", "plain", "Größe Ж 日本", "\xF0\x9F\x92\xBE"}) {
    CHECK(to_utf8(to_utf16(text)) == text);
  }
  CHECK(to_utf16("Ж") == L"\x0416");
}

TEST_CASE("Ill-formed text becomes replacement characters and nothing worse") {
  CHECK(to_utf8(to_utf16("a\xFFz")) == "a\xEF\xBF\xBDz");
  const wchar_t lone_surrogate[] = {L'a', wchar_t{0xD800}, 0};
  CHECK(to_utf8(lone_surrogate) == "a\xEF\xBF\xBD");
}

TEST_CASE("A file name that is no text can be told, and leads nowhere") {
  const wchar_t lone_surrogate[] = {L'a', wchar_t{0xD800}, 0};
  CHECK(path_text(std::filesystem::path(lone_surrogate)) == "a\xEF\xBF\xBD");
  CHECK(text_path(path_text(L"Größe Ж.db")) == std::filesystem::path(L"Größe Ж.db"));
}

}  // namespace
}  // namespace holdfast
