#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "service/platform/storage.h"

namespace holdfast {

// Told how many more bytes are done. May throw, which stops the work.
using OnBytes = std::function<void(std::size_t bytes)>;

// XXH3 of all that a file holds, as ContentHash gives it.
std::string file_hash(const StoredFile& file, const OnBytes& on_bytes);

// Writes all that a file holds into a new one, flushes it, and returns the XXH3 of what was read.
std::string copy_file_content(const StoredFile& from, StoredFile& to, const OnBytes& on_bytes);

}  // namespace holdfast
