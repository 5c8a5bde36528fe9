#pragma once

#include <vector>

#include "common/protocol/messages.h"

namespace holdfast {

// The one answer for all datasets: as bad as the worst of them, and `None` when there are none,
// because a service that guards nothing must not look as if it did.
Status overall_status(std::vector<DatasetStatus> datasets, ServicePhase phase, Time now);

}  // namespace holdfast
