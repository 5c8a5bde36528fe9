#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast {

// A content in parts, each remembered by its digest: enough to tell whether bytes that are found
// elsewhere are still the same.

// The size of a part, a power of two and never more than a block: so large that the digests of all
// parts take some MiB, whatever the size of the content.
std::size_t part_bytes(std::uint64_t content_bytes);

// XXH3 with a secret of this process: nobody can have made bytes that only seem to be the same.
std::uint64_t part_digest(std::span<const std::byte> part);

}  // namespace holdfast
