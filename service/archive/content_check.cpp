#include "service/archive/content_check.h"

#include <zlib.h>

#include <new>

#include <fmt/format.h>

namespace holdfast {

ContentCheck::ContentCheck() : xxh3_(XXH3_createState()) {
  if (!xxh3_) throw std::bad_alloc();
  XXH3_128bits_reset(xxh3_.get());
}

void ContentCheck::add(const InflatedBlock& block) {
  XXH3_128bits_update(xxh3_.get(), block.content.data(), block.content.size());
  crc32_ = static_cast<std::uint32_t>(
      crc32_combine(crc32_, block.crc32, static_cast<z_off_t>(block.content.size())));
  size_ += block.content.size();
}

std::optional<std::string_view> ContentCheck::fault(const ManifestEntry& entry) const {
  const XXH128_hash_t hash = XXH3_128bits_digest(xxh3_.get());
  if (size_ != entry.size) return "is not of the size it had";
  if (crc32_ != entry.crc32 ||
      fmt::format("{:016x}{:016x}", hash.high64, hash.low64) != entry.xxh3) {
    return "is not what was backed up";
  }
  return std::nullopt;
}

}  // namespace holdfast
