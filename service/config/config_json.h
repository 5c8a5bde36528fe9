#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "service/config/merge_config.h"

namespace holdfast {

// The configuration as the command line and the protocol show it. `file` is the machine's file as
// people call it.

// "default", "machine", "user" or "policy".
std::string_view origin_name(ConfigOrigin origin);

// What holds for it, and where each setting comes from.
nlohmann::ordered_json dataset_json(const EffectiveDataset& dataset);
nlohmann::ordered_json fault_json(const SourceFault& fault, const std::string& file);

nlohmann::ordered_json faults_json(const EffectiveConfig& config, const std::string& file);
nlohmann::ordered_json settings_json(const EffectiveConfig& config, const std::string& file);

}  // namespace holdfast
