#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

#include "service/archive/entry_content.h"

namespace holdfast {

// Reads an entry's content at any place and keeps the blocks that were used last. For one thread.
class BlockCache {
 public:
  explicit BlockCache(const EntryContent& content) : content_(content) {}

  std::uint64_t size() const { return content_.entry().size; }
  // Fewer bytes than asked for only at the content's end. Throws what reading a block throws.
  std::size_t read_at(std::uint64_t place, std::span<std::byte> into);

 private:
  struct Block {
    std::size_t number;
    std::vector<std::byte> content;
  };
  const std::vector<std::byte>& block(std::size_t number);

  const EntryContent content_;
  std::list<Block> blocks_;  // the one that was used last comes first
};

}  // namespace holdfast
