#pragma once

#include <string>
#include <vector>

#include "common/protocol/messages.h"

namespace holdfast {

// The one answer for all datasets: as bad as the worst of them, and `None` when there are none,
// because a service that guards nothing must not look as if it did. Where all of them are well, a
// fault of the service itself asks for attention.
Status overall_status(std::vector<DatasetStatus> datasets, std::vector<std::string> faults,
                      ServicePhase phase, Time now);

}  // namespace holdfast
