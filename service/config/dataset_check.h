#pragma once

#include <vector>

#include "service/config/json_tree.h"

namespace holdfast {

// What is wrong although each value is good by itself: datasets that clash, archives that would be
// backed up themselves, times that do not go together. Values that are not good are passed over.
std::vector<ConfigFault> dataset_faults(const JsonNode& root);

// Whether the dataset's `stale_after` is shorter than the time between two backups, so that it
// would seem too old by itself. False as long as either is not good.
bool is_stale_before_it_is_due(const JsonNode& dataset);

}  // namespace holdfast
