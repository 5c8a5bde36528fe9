#pragma once

#include <xxhash.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "service/archive/blocks_ahead.h"
#include "service/archive/manifest.h"

namespace holdfast {

// Compares a content, as it comes block by block, with what the manifest says about it.
class ContentCheck {
 public:
  ContentCheck();

  void add(const InflatedBlock& block);
  // After the last block: what is wrong, as the end of a sentence.
  std::optional<std::string_view> fault(const ManifestEntry& entry) const;

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> xxh3_;
  std::uint32_t crc32_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace holdfast
