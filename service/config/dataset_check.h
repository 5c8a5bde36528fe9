#pragma once

#include <vector>

#include "service/config/json_tree.h"

namespace holdfast {

// What is wrong although each value is good by itself: datasets that clash, archives that would be
// backed up themselves, times that do not go together. Values that are not good are passed over.
std::vector<ConfigFault> dataset_faults(const JsonNode& root);

}  // namespace holdfast
