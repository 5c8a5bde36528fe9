#pragma once

#include <cstddef>
#include <cstdint>

namespace holdfast {

// XXH3 compiled for processors with AVX2; no other must come here. Its source includes nothing that
// others share, lest they get its instructions, too.

// `state` is an XXH3_state_t.
void avx2_xxh3_update(void* state, const void* bytes, std::size_t size);
std::uint64_t avx2_xxh3_with_secret(const void* bytes, std::size_t size, const void* secret,
                                    std::size_t secret_size);

}  // namespace holdfast
