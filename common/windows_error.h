#pragma once

#include <cstdint>
#include <string>

#include "common/error.h"

namespace holdfast {

// The system's own words for a Win32 error, with its number: "Access is denied (error 5)".
std::string windows_error_text(std::uint32_t code);

// For a failed Win32 call: `attempt` is what was tried and on what ("Cannot open C:\\x"), the
// system's words are added. The code is AccessDenied for error 5, else SystemCallFailed.
Error windows_error(const std::string& attempt, std::uint32_t code, std::string action);

}  // namespace holdfast
