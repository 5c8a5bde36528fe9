#pragma once

#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

// Which archives there are, and what is done with one of them. `protection` outlives the methods.
void offer_archive_methods(MethodGate& gate, Protection& protection);

}  // namespace holdfast
