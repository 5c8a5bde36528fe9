#pragma once

#include <functional>

#include "service/agent/config_watch.h"
#include "service/agent/method_gate.h"

namespace holdfast {

// The configuration as it stands, and reading it now. `watch` outlives the methods; `reload` reads
// it and has it used.
void offer_config_methods(MethodGate& gate, const ConfigWatch& watch, std::function<void()> reload);

}  // namespace holdfast
