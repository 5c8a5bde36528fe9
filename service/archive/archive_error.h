#pragma once

#include <string_view>

#include "common/error.h"

namespace holdfast {

// The refusals of an archive. `why` is the end of a sentence.

// What no Holdfast has written.
Error invalid_archive(std::string_view archive, std::string_view why);
// What Holdfast may have written, but it is not as it was.
Error damaged_archive(std::string_view archive, std::string_view why);
// Somebody asked to stop what was attempted.
Error cancelled_archive(std::string_view attempt, std::string_view archive);

}  // namespace holdfast
