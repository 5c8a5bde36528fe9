#pragma once

#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

// Backing up at somebody's word. `protection` outlives the methods.
void offer_backup_methods(MethodGate& gate, Protection& protection);

}  // namespace holdfast
