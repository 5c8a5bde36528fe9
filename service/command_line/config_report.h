#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "service/command_line/style.h"
#include "service/config/merge_config.h"

namespace holdfast {

// What `holdfast config` prints. `file` is the machine's file as people call it.

// Why a dataset cannot be backed up on this machine.
struct DatasetObstacle {
  std::string dataset;
  std::string sentence;
};

// Each fault as compilers print them, what is in the way, and last whether all is good.
std::string check_report(const EffectiveConfig& config, const std::string& file,
                         const std::vector<DatasetObstacle>& obstacles, const Style& style);
nlohmann::ordered_json check_json(const EffectiveConfig& config, const std::string& file,
                                  const std::vector<DatasetObstacle>& obstacles);

// The settings of each dataset with where they come from, then the faults.
std::string settings_report(const EffectiveConfig& config, const std::string& file,
                            const Style& style);

}  // namespace holdfast
