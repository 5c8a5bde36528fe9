#include "service/archive/content_hash.h"

#include <new>

#include <fmt/format.h>

#include "service/archive/wide_xxh3.h"

namespace holdfast {

ContentHash::ContentHash() : state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  XXH3_128bits_reset(state_.get());
}

void ContentHash::add(std::span<const std::byte> bytes) {
  xxh3_update(*state_, bytes);
}

std::string ContentHash::digits() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace holdfast
