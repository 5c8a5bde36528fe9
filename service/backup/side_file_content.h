#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>

#include "service/platform/storage.h"

namespace holdfast {

// Hands a file's content to `take`, and afterwards reads it once more: a file that somebody wrote
// to meanwhile, or that is gone, is an Error(SourceChanged), and what was taken is worth nothing.
void read_unchanging(Storage& storage, const std::filesystem::path& path,
                     const std::function<void(std::span<const std::byte>)>& take);

}  // namespace holdfast
