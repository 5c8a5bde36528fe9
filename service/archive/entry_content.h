#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "service/archive/manifest.h"
#include "service/platform/storage.h"

namespace holdfast {

// One entry's content, deflated block by block in the file of its archive. Many threads may read at
// once. What it was made from must outlive it.
class EntryContent {
 public:
  // `place` is where the deflated content begins. The entry's sizes and offsets fit each other.
  EntryContent(std::string_view archive, const StoredFile& file, std::uint64_t place,
               const ManifestEntry& entry)
      : archive_(archive), file_(&file), place_(place), entry_(&entry) {}

  // The archive's file name, for what is told about it.
  std::string_view archive() const { return archive_; }
  const ManifestEntry& entry() const { return *entry_; }

  // How much content a block has: kBlockBytes, but for the last one.
  std::size_t block_bytes(std::size_t block) const;
  // Throws Error(ArchiveDamaged) when the block cannot be inflated to its size.
  std::vector<std::byte> read_block(std::size_t block) const;
  // The same into memory that is there already: the room of both is used again.
  void read_block(std::size_t block, std::vector<std::byte>& deflated,
                  std::vector<std::byte>& content) const;

 private:
  std::string_view archive_;
  const StoredFile* file_;
  std::uint64_t place_;
  const ManifestEntry* entry_;
};

}  // namespace holdfast
