#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/config/json_tree.h"

namespace holdfast {

// "datasets[0]" and "id": "datasets[0].id". A key that is no plain word is quoted.
std::string joined_path(std::string_view parent, std::string_view key);
std::string item_path(std::string_view list, std::size_t index);

// Every place where the tree is not what the table of keys (config_keys.h) says: unknown, missing
// and repeated keys, and values that are of the wrong kind or out of bounds.
std::vector<ConfigFault> shape_faults(const JsonNode& root);

}  // namespace holdfast
