#pragma once

#include <string_view>

#include "service/command_line/command.h"

namespace holdfast {

// The option --yes, of what cannot be taken back by itself.
void add_yes_option(boost::program_options::options_description& options);

// Asks whoever watches, unless --yes was said; whether the answer is yes. `what` is "delete the
// archive". Throws Error(Usage) when nobody can be asked.
bool is_confirmed(const boost::program_options::variables_map& options, std::string_view question,
                  std::string_view what, Output output);

}  // namespace holdfast
