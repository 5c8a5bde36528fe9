#pragma once

#include <filesystem>

namespace holdfast {

// Whether there is anything of that name, be it a link that leads nowhere. Throws Error where that
// cannot be told: what must not be overwritten is not taken for free then.
bool is_there(const std::filesystem::path& path);

}  // namespace holdfast
