#pragma once

#include <filesystem>

namespace holdfast {

// Asks the system to drop what it holds of a flushed file in memory, so that the next read comes
// from the disk. Only a request: who uses the file elsewhere, or a file system that lives in
// memory, keeps it.
void drop_cached(const std::filesystem::path& file) noexcept;

}  // namespace holdfast
