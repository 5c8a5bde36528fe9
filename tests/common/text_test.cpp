#include "common/text.h"

#include <array>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::string_view_literals;

TEST_CASE("Well-formed UTF-8 is told from everything that only looks like it") {
  for (const auto good : {""sv, "plain"sv, "\0"sv, "Grüße"sv, "\xEF\xBF\xBD"sv, "日本"sv,
                          "\xF0\x9F\x92\xBE"sv, "\xF4\x8F\xBF\xBF"sv, "\xED\x9F\xBF"sv}) {
    CAPTURE(good);
    CHECK(is_utf8(good));
  }
  for (const auto bad : {"\x80"sv, "\xC0\xAF"sv, "\xC1\xBF"sv, "\xE0\x80\xAF"sv, "\xED\xA0\x80"sv,
                         "\xF0\x80\x80\xAF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFF"sv,
                         "cut \xE6\x97"sv, "\xC3("sv, "ok\xE2\x28\xA1"sv}) {
    CAPTURE(bad);
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("A mistyped word finds the one that was meant, and a strange word finds none") {
  constexpr std::array known{"status"sv, "service"sv, "run"sv, "restore"sv, "--json"sv};
  CHECK(closest("statsu", known) == "status");
  CHECK(closest("stat", known) == "status");
  CHECK(closest("serivce", known) == "service");
  CHECK(closest("restoer", known) == "restore");
  CHECK(closest("rnu", known) == "run");
  CHECK(closest("--jsn", known) == "--json");
  CHECK(closest("frobnicate", known) == std::nullopt);
  CHECK(closest("", known) == std::nullopt);
  CHECK(closest(std::string(100'000, 's'), known) == std::nullopt);
}

TEST_CASE("Foreign text is shown on one line, bounded, and without control characters") {
  CHECK(one_line("plain Größe") == "plain Größe");
  CHECK(one_line("a\nb\x1B[31mc\x7F") == "a?b?[31mc?");
  CHECK(one_line("bad \xFF byte") == "bad ? byte");
  CHECK(one_line("\xC2\x9B"
                 "2J \xE2\x80\xAE"
                 "fdp \xE2\x81\xA6 \xE2\x80\xA8 \xC2\xA0") == "?2J ?fdp ? ? \xC2\xA0");
  CHECK(one_line("ääää", 5) == "ää...");
  CHECK(one_line("ääää", 8) == "ääää");
}

TEST_CASE("A size is told in three digits that matter") {
  CHECK(size_text(0) == "0 bytes");
  CHECK(size_text(999) == "999 bytes");
  CHECK(size_text(1000) == "1.00 KB");
  CHECK(size_text(12'345'678) == "12.3 MB");
  CHECK(size_text(999'700'000) == "1.00 GB");
  CHECK(size_text(4'000'000'000'000'000) == "4000 TB");
}

}  // namespace
}  // namespace holdfast
