#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace holdfast {

// The folder in which the machine's config.json lies; nothing on a system without the service.
std::optional<std::filesystem::path> config_folder();

using PolicyValue = std::variant<std::string, std::int64_t>;
using Policies = std::map<std::string, PolicyValue>;

// The texts and numbers under HKLM\SOFTWARE\Policies\Holdfast, by their names, and those of its
// subkey "datasets" with "datasets." before their names; none on a system that has no such
// policies. Throws Error when they cannot be read: what administrators forbade must not hold less
// because of that.
Policies group_policies();

}  // namespace holdfast
