#pragma once

#include <stop_token>
#include <string>

namespace holdfast {

// Runs holdfast.exe, which lies beside the tray, without a window and with the user's rights.
// Returns what it has answered, without what it writes as errors, when it has ended. Throws Error:
// Cancelled, and TimedOut when it neither reads, writes nor computes anything for some minutes; it
// is ended then.
std::string holdfast_output(const std::string& arguments, const std::stop_token& stop);
// For a path among the arguments.
std::string quoted_path(const std::string& path);

}  // namespace holdfast
