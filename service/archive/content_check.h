#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "service/archive/blocks_ahead.h"
#include "service/archive/content_hash.h"
#include "service/archive/manifest.h"

namespace holdfast {

// Compares a content, as it comes block by block, with what the manifest says about it.
class ContentCheck {
 public:
  void add(const InflatedBlock& block);
  // After the last block: what is wrong, as the end of a sentence.
  std::optional<std::string_view> fault(const ManifestEntry& entry) const;

 private:
  ContentHash xxh3_;
  std::uint32_t crc32_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace holdfast
