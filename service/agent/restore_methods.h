#pragma once

#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

// Restores, what they would change, drills, and how any run is ended.
void offer_restore_methods(MethodGate& gate, Protection& protection);

}  // namespace holdfast
