#pragma once

#include <filesystem>
#include <string_view>

#include "common/error.h"

namespace holdfast {

// What stands in the way of a restore over a database.

// Throws Error(AlreadyExists): a folder would be moved aside as if it were a damaged database.
void refuse_what_is_no_file(const std::filesystem::path& database);

// Names the programs that use it, as far as the system tells them; otherwise says `why`.
Error in_use(const std::filesystem::path& database, std::string_view why);

}  // namespace holdfast
