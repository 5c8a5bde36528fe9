#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/config/config_keys.h"
#include "service/config/json_tree.h"

namespace holdfast {

// "90s", "15m", "4h", "7d".
std::optional<std::chrono::seconds> duration_from(std::string_view text);
// In the largest unit that says it exactly.
std::string duration_word(std::chrono::seconds duration);
// "18:30".
std::optional<std::chrono::seconds> time_of_day_from(std::string_view text);
// "20%".
std::optional<int> percentage_from(std::string_view text);

// A value as a fault shows it: as JSON, shortened.
std::string shown(const JsonNode& value);

// A sentence about what keeps a single value from being what the key may hold.
std::optional<std::string> value_fault(const ConfigKey& key, const JsonNode& value);
// The same for the name of a map's value.
std::optional<std::string> count_name_fault(std::string_view name);

}  // namespace holdfast
