#pragma once

#include <set>
#include <string>

namespace holdfast {

// The file names of all programs that run now, whoever started them, in UTF-8. Throws
// Error(SystemCallFailed): a list that is not whole would look as if programs had ended.
//
// Takes some milliseconds: not to be asked for more often than every 2 seconds.
std::set<std::string> running_programs();

}  // namespace holdfast
