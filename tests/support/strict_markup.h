#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast {

struct MarkupElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  // of itself and of all within it
};

// The elements of a page, in the order in which they begin. Throws std::runtime_error, with the
// place, for whatever is not well-formed: an element that is not closed, an attribute without
// quotes or told twice, a bare '<' or '&', an entity that XML does not know, a control character.
std::vector<MarkupElement> strict_markup(std::string_view page);

}  // namespace holdfast
