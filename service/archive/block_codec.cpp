#include "service/archive/block_codec.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <isa-l/igzip_lib.h>

#include "common/error.h"

namespace holdfast {
namespace {

// What deflate adds at worst: 5 bytes for each stored block of 64 KiB, and the ends.
std::size_t most_deflated(std::size_t bytes) {
  return bytes + bytes / 1024 + 1024;
}

Error damaged() {
  return {ErrorCode::ArchiveDamaged, "A block of the archive cannot be inflated.",
          "Use another archive."};
}

std::uint8_t* bytes_of(std::byte* bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes);
}

// ISA-L takes its input as pointers to what it never changes.
std::uint8_t* input_of(std::span<const std::byte> bytes) {
  return bytes_of(const_cast<std::byte*>(bytes.data()));
}

// A full flush is an empty stored block.
bool ends_with_flush(std::span<const std::byte> block) {
  constexpr std::array kFlush{std::byte{0x00}, std::byte{0x00}, std::byte{0xFF}, std::byte{0xFF}};
  return block.size() > kFlush.size() &&
         std::equal(kFlush.begin(), kFlush.end(), block.last(kFlush.size()).begin());
}

}  // namespace

std::vector<std::byte> deflate_block(std::span<const std::byte> content, BlockPlace place) {
  std::vector<std::byte> deflated;
  deflate_block(content, place, deflated);
  return deflated;
}

void deflate_block(std::span<const std::byte> content, BlockPlace place,
                   std::vector<std::byte>& deflated) {
  // Made anew each time: mingw destroys a thread_local after its storage is gone.
  // 2 % smaller than level 1, for a sixth more time.
  constexpr std::uint32_t kLevel = 2;
  constexpr std::uint32_t kLevelBufferBytes = ISAL_DEF_LVL2_DEFAULT;
  const auto level_buffer = std::make_unique_for_overwrite<std::uint8_t[]>(kLevelBufferBytes);
  deflated.resize(most_deflated(content.size()));
  isal_zstream stream{};
  isal_deflate_init(&stream);
  stream.level = kLevel;
  stream.level_buf = level_buffer.get();
  stream.level_buf_size = kLevelBufferBytes;
  stream.next_in = input_of(content);
  stream.avail_in = static_cast<std::uint32_t>(content.size());
  stream.next_out = bytes_of(deflated.data());
  stream.avail_out = static_cast<std::uint32_t>(deflated.size());
  // A full flush forgets what came before, so that the next block can be read alone.
  stream.flush = place == BlockPlace::Last ? NO_FLUSH : FULL_FLUSH;
  stream.end_of_stream = place == BlockPlace::Last ? 1 : 0;
  if (isal_deflate(&stream) != COMP_OK || stream.avail_in != 0) {
    throw Error(ErrorCode::Internal, "A block cannot be deflated.", "Report this.");
  }
  deflated.resize(stream.total_out);
}

std::vector<std::byte> inflate_block(std::span<const std::byte> block, std::size_t content_bytes,
                                     BlockPlace place) {
  std::vector<std::byte> content;
  inflate_block(block, content_bytes, place, content);
  return content;
}

void inflate_block(std::span<const std::byte> block, std::size_t content_bytes, BlockPlace place,
                   std::vector<std::byte>& content) {
  content.resize(content_bytes);
  inflate_state state{};
  isal_inflate_init(&state);
  state.next_in = input_of(block);
  state.avail_in = static_cast<std::uint32_t>(block.size());
  state.next_out = bytes_of(content.data());
  state.avail_out = static_cast<std::uint32_t>(content.size());
  const int result = isal_inflate_stateless(&state);
  if (state.avail_in != 0 || state.avail_out != 0) throw damaged();
  // An inner block ends with a full flush, where ISA-L would go on; the last one ends the stream.
  const bool flushed = result == ISAL_END_INPUT && state.block_state == ISAL_BLOCK_NEW_HDR &&
                       state.bfinal == 0 && ends_with_flush(block);
  const bool ended = result == ISAL_DECOMP_OK && state.block_state == ISAL_BLOCK_FINISH;
  if (place == BlockPlace::Last ? !ended : !flushed) throw damaged();
}

}  // namespace holdfast
