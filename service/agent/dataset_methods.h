#pragma once

#include <functional>
#include <string>

#include "service/agent/config_watch.h"
#include "service/agent/method_gate.h"
#include "service/agent/protection.h"

namespace holdfast {

struct DatasetMethodParts {
  const ConfigWatch& config;
  const Protection& protection;
  // Replaces the file of what this user added. Throws Error.
  std::function<void(const std::string& sid, const std::string& text)> write;
  // Has the configuration used as it now stands.
  std::function<void()> reload;
};

// Which datasets there are, and what users add, change and take away of their own.
void offer_dataset_methods(MethodGate& gate, const DatasetMethodParts& parts);

}  // namespace holdfast
