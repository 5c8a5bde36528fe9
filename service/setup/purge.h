#pragma once

#include <filesystem>

namespace holdfast {

// Removes a folder, when there is one, with all that is in it, but for archives and the folders
// that they lie in. Links go, what they lead to stays. Throws Error about the first that cannot be
// removed, after all others were.
void purge(const std::filesystem::path& folder);

}  // namespace holdfast
