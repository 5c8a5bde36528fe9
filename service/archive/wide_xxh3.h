#pragma once

#include <xxhash.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace holdfast {

// XXH3 by the widest instructions that this processor has, which take a third of the time. The
// library itself uses those that every processor has; the results are the same.

// As XXH3_128bits_update().
void xxh3_update(XXH3_state_t& state, std::span<const std::byte> bytes);
// As XXH3_64bits_withSecret().
std::uint64_t xxh3_with_secret(std::span<const std::byte> bytes, std::span<const std::byte> secret);

}  // namespace holdfast
