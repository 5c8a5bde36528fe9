#pragma once

#include <string>

#include "common/protocol/service_connection.h"
#include "service/command_line/command.h"

namespace holdfast {

// The operand DATASET; where it is left out, the only one that there is. Throws Error(Usage) when
// there are several, or none.
std::string dataset_choice(ServiceConnection& service,
                           const boost::program_options::variables_map& options);
void add_dataset_choice(boost::program_options::options_description& options);

}  // namespace holdfast
