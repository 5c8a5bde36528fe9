#include "service/archive/block_cache.h"

#include <algorithm>

namespace holdfast {
namespace {

constexpr std::size_t kBlocks = 12;

}  // namespace

std::size_t BlockCache::read_at(std::uint64_t place, std::span<std::byte> into) {
  if (place >= size()) return 0;
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size() - place));
  for (std::size_t done = 0; done < wanted;) {
    const std::vector<std::byte>& content =
        block(static_cast<std::size_t>((place + done) / kBlockBytes));
    const auto begin = static_cast<std::size_t>((place + done) % kBlockBytes);
    const std::size_t part = std::min(content.size() - begin, wanted - done);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(begin), part,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    done += part;
  }
  return wanted;
}

const std::vector<std::byte>& BlockCache::block(std::size_t number) {
  const auto known = std::find_if(blocks_.begin(), blocks_.end(),
                                  [number](const Block& at) { return at.number == number; });
  if (known != blocks_.end()) {
    blocks_.splice(blocks_.begin(), blocks_, known);
  } else {
    std::vector<std::byte> content = content_.read_block(number);
    if (blocks_.size() == kBlocks) blocks_.pop_back();
    blocks_.push_front({number, std::move(content)});
  }
  return blocks_.front().content;
}

}  // namespace holdfast
