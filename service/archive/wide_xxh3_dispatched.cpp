#include "service/archive/avx2_xxh3.h"
#include "service/archive/wide_xxh3.h"

namespace holdfast {
namespace {

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}

}  // namespace

void xxh3_update(XXH3_state_t& state, std::span<const std::byte> bytes) {
  if (has_avx2()) {
    avx2_xxh3_update(&state, bytes.data(), bytes.size());
  } else {
    XXH3_128bits_update(&state, bytes.data(), bytes.size());
  }
}

std::uint64_t xxh3_with_secret(std::span<const std::byte> bytes,
                               std::span<const std::byte> secret) {
  if (has_avx2()) {
    return avx2_xxh3_with_secret(bytes.data(), bytes.size(), secret.data(), secret.size());
  }
  return XXH3_64bits_withSecret(bytes.data(), bytes.size(), secret.data(), secret.size());
}

}  // namespace holdfast
