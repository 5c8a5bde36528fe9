#pragma once

#include <filesystem>

#include "service/platform/storage.h"

namespace holdfast {

// Removes a folder that was made here, with all that was put into it. Links in it were put there by
// others: they are not followed, and stay with the folders that they are in. Throws Error when a
// file cannot be removed, or a folder not be looked into.
void remove_tree(Storage& storage, const std::filesystem::path& folder);

}  // namespace holdfast
