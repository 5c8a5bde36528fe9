#include "service/archive/entry_name.h"

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

using namespace std::string_view_literals;

TEST_CASE("Names that every Windows can make a file of are good entry names") {
  for (const auto text :
       {"clinic.db"sv, "a/b/c.txt"sv, "prescriptions/m\xC3\xA4rz/1.txt"sv, ".hidden"sv, "a b"sv,
        "console.log"sv, "com10"sv, "nul-1"sv, "lpt"sv, "x/comma.txt"sv, "a..b"sv, "...a"sv}) {
    CAPTURE(text);
    CHECK_FALSE(entry_name_fault(text));
  }
}

TEST_CASE("Names that leave the folder, or mean something else on Windows, are no entry names") {
  for (const auto text : {""sv,
                          "/etc/passwd"sv,
                          "//server/share"sv,
                          "\\\\server\\share"sv,
                          "..\\x"sv,
                          "a\\b"sv,
                          "C:x"sv,
                          "C:/x"sv,
                          "file:stream"sv,
                          ".."sv,
                          "."sv,
                          "../x"sv,
                          "a/../../x"sv,
                          "a/./b"sv,
                          "a//b"sv,
                          "folder/"sv,
                          "a/"sv,
                          "ends."sv,
                          "ends "sv,
                          "a./b"sv,
                          "..."sv,
                          "CON"sv,
                          "con.txt"sv,
                          "a/NUL"sv,
                          "Aux .db"sv,
                          "com1"sv,
                          "COM9.log"sv,
                          "LPT0"sv,
                          "com\xC2\xB9.txt"sv,
                          "CONIN$"sv,
                          "new\nline"sv,
                          "tab\t"sv,
                          "nul\0byte"sv,
                          "del\x7F"sv,
                          "what?"sv,
                          "star*"sv,
                          "a<b"sv,
                          "a|b"sv,
                          "quote\""sv,
                          "bad \xFF utf-8"sv,
                          "overlong \xC0\xAE"sv}) {
    CAPTURE(text);
    CHECK(entry_name_fault(text));
  }
  CHECK(entry_name_fault(std::string(5000, 'x')));
}

TEST_CASE("Names that differ in case alone fold to the same") {
  CHECK(folded_name("Data/Clinic.DB") == "data/clinic.db");
  CHECK(folded_name("m\xC3\xA4rz") == "m\xC3\xA4rz");
}

}  // namespace
}  // namespace holdfast
