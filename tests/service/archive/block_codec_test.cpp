#include "service/archive/block_codec.h"

#include <zlib.h>

#include <random>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/archive/manifest.h"

namespace holdfast {
namespace {

using Bytes = std::vector<std::byte>;

Bytes some_text(std::size_t size) {
  Bytes text(size);
  std::mt19937 random(7);
  for (std::byte& byte : text) byte = static_cast<std::byte>("patient visit "[random() % 14]);
  return text;
}

Bytes noise(std::size_t size) {
  Bytes bytes(size);
  std::mt19937 random(11);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

// What any other program makes of the blocks, one after the other.
Bytes inflated_by_zlib(const Bytes& deflated, std::size_t size) {
  Bytes content(size + 1);
  z_stream stream{};
  inflateInit2(&stream, -MAX_WBITS);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(deflated.data()));
  stream.avail_in = static_cast<uInt>(deflated.size());
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool whole = result == Z_STREAM_END && stream.avail_in == 0;
  content.resize(whole ? stream.total_out : 0);
  inflateEnd(&stream);
  return content;
}

TEST_CASE("A block of any size and kind comes back as it was") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{kBlockBytes}}) {
    for (const Bytes& content : {some_text(size), noise(size), Bytes(size)}) {
      for (const BlockPlace place : {BlockPlace::Inner, BlockPlace::Last}) {
        CHECK(inflate_block(deflate_block(content, place), size, place) == content);
      }
    }
  }
}

TEST_CASE("Blocks that follow each other are one ordinary deflate stream") {
  const Bytes first = some_text(kBlockBytes);
  const Bytes second = noise(kBlockBytes);
  const Bytes last = some_text(12345);
  Bytes stream = deflate_block(first, BlockPlace::Inner);
  const Bytes middle = deflate_block(second, BlockPlace::Inner);
  const Bytes end = deflate_block(last, BlockPlace::Last);
  stream.insert(stream.end(), middle.begin(), middle.end());
  stream.insert(stream.end(), end.begin(), end.end());
  Bytes content = first;
  content.insert(content.end(), second.begin(), second.end());
  content.insert(content.end(), last.begin(), last.end());
  CHECK(inflated_by_zlib(stream, content.size()) == content);
}

TEST_CASE("A block that holds less, more or something else than it should is refused") {
  const Bytes content = some_text(5000);
  const Bytes block = deflate_block(content, BlockPlace::Last);
  CHECK_THROWS_AS(inflate_block(block, 4999, BlockPlace::Last), Error);
  CHECK_THROWS_AS(inflate_block(block, 5001, BlockPlace::Last), Error);
  CHECK_THROWS_AS(inflate_block(std::span(block).first(block.size() / 2), 5000, BlockPlace::Last),
                  Error);
  CHECK_THROWS_AS(inflate_block({}, 1, BlockPlace::Last), Error);
  CHECK_THROWS_AS(inflate_block(noise(300), 5000, BlockPlace::Last), Error);
  Bytes longer = block;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS(inflate_block(longer, 5000, BlockPlace::Last), Error);
  const Bytes inner = deflate_block(content, BlockPlace::Inner);
  CHECK_THROWS_AS(inflate_block(inner, 4999, BlockPlace::Inner), Error);
  Bytes two = inner;
  two.insert(two.end(), inner.begin(), inner.end());
  CHECK_THROWS_AS(inflate_block(two, 5000, BlockPlace::Inner), Error);
  // Alone each could be read; at the other's place it would break the stream for other programs.
  CHECK_THROWS_AS(inflate_block(inner, 5000, BlockPlace::Last), Error);
  CHECK_THROWS_AS(inflate_block(block, 5000, BlockPlace::Inner), Error);
}

}  // namespace
}  // namespace holdfast
