#pragma once

#include <string>
#include <string_view>

namespace holdfast {

// The statement with each comment and each run of white space as one space, none at its ends. What
// is quoted stays as it is, so two statements with the same result mean the same.
std::string normalized_sql(std::string_view sql);

}  // namespace holdfast
