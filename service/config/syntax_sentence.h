#pragma once

#include <string>
#include <string_view>

namespace holdfast {

// What keeps a text from being JSON, and where to point at.
struct SyntaxFault {
  // The begin of the text or number that was read last, the last character, or all that is open.
  enum class At { Text, Number, LastCharacter, End };

  std::string sentence;
  At at = At::LastCharacter;
};

// The parser's message in words for somebody who edits a configuration now and then.
SyntaxFault syntax_fault(std::string_view parser_message);

}  // namespace holdfast
