#pragma once

#include <cstdint>
#include <functional>

namespace holdfast {

// Told now and then, on the caller's thread, how many bytes of content are done, of how many. May
// throw, which stops the work. May be empty.
using ArchiveProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

}  // namespace holdfast
