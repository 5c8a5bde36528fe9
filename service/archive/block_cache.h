#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

#include "service/archive/archive_reader.h"

namespace holdfast {

// Reads an entry's content at any place and keeps the blocks that were used last. For one thread.
class BlockCache {
 public:
  BlockCache(const ArchiveReader& archive, std::size_t entry) : archive_(archive), entry_(entry) {}

  std::uint64_t size() const { return archive_.entries()[entry_].size; }
  // Fewer bytes than asked for only at the content's end. Throws what reading a block throws.
  std::size_t read_at(std::uint64_t place, std::span<std::byte> into);

 private:
  struct Block {
    std::size_t number;
    std::vector<std::byte> content;
  };
  const std::vector<std::byte>& block(std::size_t number);

  const ArchiveReader& archive_;
  const std::size_t entry_;
  std::list<Block> blocks_;  // the one that was used last comes first
};

}  // namespace holdfast
