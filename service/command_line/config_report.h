#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "service/config/merge_config.h"

namespace holdfast {

// What `holdfast config` prints. `file` is the machine's file as people call it.

// A fault a line, as compilers print them, and last whether the configuration is good.
std::string check_report(const EffectiveConfig& config, const std::string& file);
nlohmann::ordered_json check_json(const EffectiveConfig& config, const std::string& file);

// The settings of each dataset with where they come from, then the faults.
std::string settings_report(const EffectiveConfig& config, const std::string& file);
nlohmann::ordered_json settings_json(const EffectiveConfig& config, const std::string& file);

}  // namespace holdfast
