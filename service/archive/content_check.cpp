#include "service/archive/content_check.h"

#include <zlib.h>

namespace holdfast {

void ContentCheck::add(const InflatedBlock& block) {
  xxh3_.add(block.content);
  crc32_ = static_cast<std::uint32_t>(
      crc32_combine(crc32_, block.crc32, static_cast<z_off_t>(block.content.size())));
  size_ += block.content.size();
}

std::optional<std::string_view> ContentCheck::fault(const ManifestEntry& entry) const {
  if (size_ != entry.size) return "is not of the size it had";
  if (crc32_ != entry.crc32 || xxh3_.digits() != entry.xxh3) return "is not what was backed up";
  return std::nullopt;
}

}  // namespace holdfast
