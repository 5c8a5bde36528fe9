#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "service/config/merge_config.h"

namespace holdfast {

// What a user wants of the datasets that this user added.
struct DatasetChange {
  enum class Kind { Add, Change, Remove };

  Kind kind = Kind::Add;
  std::string id;                   // which; of Add it stands in the settings
  nlohmann::ordered_json settings;  // by their keys; of Change, null takes one away
};

constexpr std::size_t kMostDatasetsOfUser = 20;

// The text of the user's file once the change is made. Throws Error: BadParameters tells everything
// that would be wrong with it, NotFound that there is no such dataset, ConfigFaulty that what is
// there has to be mended before.
std::string changed_user_file(const ConfigSources& sources, const std::string& sid,
                              const DatasetChange& change);

// The keys of what policies have set otherwise than a user's dataset has it in `settings`.
std::vector<std::string> overruled(const EffectiveConfig& config, const std::string& sid,
                                   const nlohmann::ordered_json& settings);

}  // namespace holdfast
