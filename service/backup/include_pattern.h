#pragma once

#include <string_view>

#include "service/platform/machine.h"

namespace holdfast {

// Whether a path (relative, with '/') is one that an include pattern names: '*' stands for anything
// within one name, '?' for one character, and "**" as a whole name for any folders, also none.
// "chroma/**", or "chroma/", is all that is in chroma, however deep.
bool matches_include(std::string_view pattern, std::string_view path, LetterCase letter_case);

}  // namespace holdfast
