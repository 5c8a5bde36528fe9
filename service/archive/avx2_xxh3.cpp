#include "service/archive/avx2_xxh3.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace holdfast {

void avx2_xxh3_update(void* state, const void* bytes, std::size_t size) {
  XXH3_128bits_update(static_cast<XXH3_state_t*>(state), bytes, size);
}

std::uint64_t avx2_xxh3_with_secret(const void* bytes, std::size_t size, const void* secret,
                                    std::size_t secret_size) {
  return XXH3_64bits_withSecret(bytes, size, secret, secret_size);
}

}  // namespace holdfast
