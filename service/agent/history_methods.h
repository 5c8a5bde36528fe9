#pragma once

#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

// What was done, and what retention would do. `protection` outlives the methods.
void offer_history_methods(MethodGate& gate, Protection& protection);

}  // namespace holdfast
