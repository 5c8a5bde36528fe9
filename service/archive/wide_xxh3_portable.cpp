#include "service/archive/wide_xxh3.h"

// Where GCC builds for Windows it may put wide values on the stack at places where they fault, so
// there the library's own code is used.

namespace holdfast {

void xxh3_update(XXH3_state_t& state, std::span<const std::byte> bytes) {
  XXH3_128bits_update(&state, bytes.data(), bytes.size());
}

std::uint64_t xxh3_with_secret(std::span<const std::byte> bytes,
                               std::span<const std::byte> secret) {
  return XXH3_64bits_withSecret(bytes.data(), bytes.size(), secret.data(), secret.size());
}

}  // namespace holdfast
