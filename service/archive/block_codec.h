#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace holdfast {

enum class BlockPlace { Inner, Last };

// Deflates up to kBlockBytes so that the result needs nothing of what stands before it. The blocks
// of an entry, the last of them marked as such, make one ordinary deflate stream. Thread-safe.
std::vector<std::byte> deflate_block(std::span<const std::byte> content, BlockPlace place);
// The same into memory that is there already: the room of `deflated` is used again.
void deflate_block(std::span<const std::byte> content, BlockPlace place,
                   std::vector<std::byte>& deflated);

// Inflates one block into exactly `content_bytes` bytes. Throws Error(ArchiveDamaged) when the
// block is anything but that, or does not end as a block at its place must: else the blocks would
// not make the stream that other programs read. Never writes, or allocates, more. Thread-safe.
std::vector<std::byte> inflate_block(std::span<const std::byte> block, std::size_t content_bytes,
                                     BlockPlace place);
// The same into memory that is there already: the room of `content` is used again.
void inflate_block(std::span<const std::byte> block, std::size_t content_bytes, BlockPlace place,
                   std::vector<std::byte>& content);

}  // namespace holdfast
