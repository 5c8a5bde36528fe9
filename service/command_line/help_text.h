#pragma once

#include <span>
#include <string>

#include "service/command_line/command.h"

namespace holdfast {

// The command's own options and --help.
boost::program_options::options_description options_of(const Command& command);

// What `holdfast --help` prints, and `holdfast COMMAND --help`. Pages are proven equal to them, so
// they are the same wherever they are read.
std::string overview(std::span<const Command> commands);
std::string explanation(const Command& command);

}  // namespace holdfast
