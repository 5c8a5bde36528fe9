#pragma once

#include <iosfwd>

namespace holdfast {

// Runs the agent in this console until Ctrl+C. Throws Error when it cannot run here.
void run_in_console(std::ostream& out);

}  // namespace holdfast
