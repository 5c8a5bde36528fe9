#pragma once

#include <functional>
#include <vector>

#include "service/agent/dataset_instances.h"
#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

// The caller's own OneDrive, and what the caller's tray sees of it.
void offer_cloud_methods(MethodGate& gate, Protection& protection, const Clock& clock,
                         std::function<const std::vector<PresentUser>&()> users);

}  // namespace holdfast
