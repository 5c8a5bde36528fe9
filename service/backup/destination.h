#pragma once

#include <filesystem>

#include "service/platform/storage.h"

namespace holdfast {

// Whether archives can stand in the folder, or in one that would be made there, as far as that
// shows without making anything. Throws Error that says why they cannot.
void check_destination(Storage& storage, const std::filesystem::path& destination);

// The same, and makes the folder.
void make_destination(Storage& storage, const std::filesystem::path& destination);

}  // namespace holdfast
