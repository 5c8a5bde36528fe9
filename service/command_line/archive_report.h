#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "service/archive/manifest.h"

namespace holdfast {

// What commands tell of an archive: to programs, and of its counts to people.
nlohmann::json archive_json(const std::filesystem::path& path, std::uint64_t bytes,
                            const Manifest& manifest);
std::string counts_text(const Manifest& manifest);

}  // namespace holdfast
