#pragma once

#include <string>

namespace holdfast {

// Whether two names that differ in the case of their letters only are the same file.
enum class LetterCase { Matters, Ignored };
LetterCase path_letter_case();

// "unknown" when the system does not tell.
std::string host_name();
// The account that this process runs as.
std::string user_name();

}  // namespace holdfast
