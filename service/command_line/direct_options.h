#pragma once

#include "service/command_line/command.h"

namespace holdfast {

// Throws Error(Usage) for options that say what belongs to the database of --database: without it,
// the service's configuration says so, and they would be passed over in silence.
void refuse_direct_options(const boost::program_options::variables_map& options);

}  // namespace holdfast
