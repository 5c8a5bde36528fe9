#include "service/archive/entry_content.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/archive_error.h"
#include "service/archive/block_codec.h"

namespace holdfast {

std::size_t EntryContent::block_bytes(std::size_t block) const {
  const std::uint64_t begin = std::uint64_t{block} * kBlockBytes;
  return static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, entry_->size - begin));
}

std::vector<std::byte> EntryContent::read_block(std::size_t block) const {
  std::vector<std::byte> deflated;
  std::vector<std::byte> content;
  read_block(block, deflated, content);
  return content;
}

void EntryContent::read_block(std::size_t block, std::vector<std::byte>& deflated,
                              std::vector<std::byte>& content) const {
  const std::uint64_t begin = entry_->block_offsets.at(block);
  const bool is_last = block + 1 == entry_->block_offsets.size();
  const std::uint64_t end = is_last ? entry_->compressed_size : entry_->block_offsets[block + 1];
  deflated.resize(static_cast<std::size_t>(end - begin));
  const auto damage = [&](std::string_view why) {
    return damaged_archive(archive_, fmt::format("{} {}", one_line(entry_->name), why));
  };
  if (file_->read_at(place_ + begin, deflated) != deflated.size()) throw damage("is cut off");
  try {
    inflate_block(deflated, block_bytes(block), is_last ? BlockPlace::Last : BlockPlace::Inner,
                  content);
  } catch (const Error&) {
    throw damage("cannot be inflated");
  }
}

}  // namespace holdfast
