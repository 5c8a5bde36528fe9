#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace holdfast {

// Where a value is not what a JSON schema (draft 7) says, and by which keyword; nothing when it is.
// Knows the keywords that the project's schemas use; throws std::runtime_error for any other.
std::optional<std::string> schema_fault(const nlohmann::json& schema, const nlohmann::json& value,
                                        const std::string& place = "");

}  // namespace holdfast
