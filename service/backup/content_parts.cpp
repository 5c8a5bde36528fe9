#include "service/backup/content_parts.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <random>

#include "service/archive/manifest.h"
#include "service/archive/wide_xxh3.h"

namespace holdfast {
namespace {

constexpr std::size_t kSmallestPart = 4096;
constexpr std::uint64_t kMostParts = std::uint64_t{1} << 21;

using Secret = std::array<std::uint32_t, 48>;

Secret random_secret() {
  static_assert(sizeof(Secret) >= XXH3_SECRET_SIZE_MIN);
  std::random_device random;
  Secret secret{};
  std::ranges::generate(secret, [&random] { return random(); });
  return secret;
}

}  // namespace

std::size_t part_bytes(std::uint64_t content_bytes) {
  const std::uint64_t wanted = std::bit_ceil(content_bytes / kMostParts);
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(wanted, kSmallestPart, kBlockBytes));
}

std::uint64_t part_digest(std::span<const std::byte> part) {
  static const Secret secret = random_secret();
  return xxh3_with_secret(part, std::as_bytes(std::span(secret)));
}

}  // namespace holdfast
