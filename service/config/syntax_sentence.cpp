#include "service/config/syntax_sentence.h"

#include <array>

namespace holdfast {
namespace {

using At = SyntaxFault::At;

struct Row {
  std::string_view needle;  // what the parser says
  At at;
  std::string_view sentence;
};

constexpr std::string_view kBackslash =
    "A backslash begins a special character here; write each backslash twice, like "
    "\"E:\\\\Backups\".";
constexpr std::string_view kNoQuote = "This text has no closing quote on its line.";

// The first that fits counts.
constexpr std::array kRows{
    Row{"forbidden character after backslash", At::LastCharacter, kBackslash},
    Row{"must be followed by 4 hex digits", At::LastCharacter, kBackslash},
    Row{"surrogate", At::LastCharacter, "This \\u character is half of a pair."},
    Row{"control character U+000A", At::LastCharacter, kNoQuote},
    Row{"control character U+000D", At::LastCharacter, kNoQuote},
    Row{"control character", At::LastCharacter,
        "There is a control character in this text, a tab perhaps; remove it."},
    Row{"missing closing quote", At::LastCharacter, kNoQuote},
    Row{"ill-formed UTF-8", At::LastCharacter,
        "This is not UTF-8; save the file again with the encoding UTF-8."},
    Row{"missing closing '*/'", At::LastCharacter, "The comment does not end; \"*/\" is missing."},
    Row{"invalid comment", At::LastCharacter, "A comment begins with // or /*."},
    Row{"invalid literal", At::LastCharacter,
        "This is no value; keys and texts stand in double quotes, true, false and numbers "
        "without."},
    Row{"invalid number", At::LastCharacter, "This is no number."},
    Row{"number overflow", At::Number, "This number is too large."},
    Row{"; expected end of input", At::LastCharacter,
        "There is something behind the end of the configuration; remove it."},
    Row{"unexpected end of input", At::End, "There is nothing in this text."},
    Row{"object key - unexpected '}'", At::LastCharacter,
        "There is a comma too many before this \"}\"."},
    Row{"value - unexpected ']'", At::LastCharacter,
        "A value is missing before this \"]\", or there is a comma too many."},
    Row{"object key - ", At::LastCharacter, "A key is expected here, in double quotes."},
    Row{"object separator - ", At::LastCharacter, "A \":\" is missing before this."},
    Row{"object - unexpected ']'", At::LastCharacter, "An object ends in \"}\", not in \"]\"."},
    Row{"array - unexpected '}'", At::LastCharacter, "A list ends in \"]\", not in \"}\"."},
    Row{"object - ", At::LastCharacter, "A comma is missing before this."},
    Row{"array - ", At::LastCharacter, "A comma is missing before this."},
    Row{"value - ", At::LastCharacter, "A value is expected here."},
};

// What stands where it should not is pointed at where it begins.
At of_token(std::string_view parser_message) {
  if (parser_message.find("unexpected string literal") != std::string_view::npos) return At::Text;
  if (parser_message.find("unexpected number literal") != std::string_view::npos) return At::Number;
  return At::LastCharacter;
}

}  // namespace

SyntaxFault syntax_fault(std::string_view parser_message) {
  for (const Row& row : kRows) {
    if (parser_message.find(row.needle) != std::string_view::npos) {
      return {std::string(row.sentence),
              row.at == At::LastCharacter ? of_token(parser_message) : row.at};
    }
  }
  return {"This is no JSON."};
}

}  // namespace holdfast
