#include "service/archive/wide_xxh3.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace holdfast {
namespace {

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using State = std::unique_ptr<XXH3_state_t, FreeState>;

State new_state() {
  State state(XXH3_createState());
  XXH3_128bits_reset(state.get());
  return state;
}

std::vector<std::byte> random_bytes(std::size_t count) {
  std::minstd_rand random(static_cast<std::uint32_t>(count + 1));
  std::vector<std::byte> bytes(count);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() >> 8U);
  return bytes;
}

TEST_CASE("XXH3 by wide instructions is what the library gives, in whatever pieces") {
  const std::vector<std::byte> all = random_bytes(1'300'000);
  const std::span<const std::byte> bytes(all);
  for (const std::size_t piece : {1U, 7U, 255U, 256U, 257U, 1024U, 4096U, 1'048'576U}) {
    const State wide = new_state();
    const State plain = new_state();
    const auto count = std::min(bytes.size(), piece * 1300);
    for (std::size_t at = 0; at < count; at += piece) {
      const auto part = bytes.subspan(at, std::min(piece, count - at));
      xxh3_update(*wide, part);
      XXH3_128bits_update(plain.get(), part.data(), part.size());
    }
    const XXH128_hash_t one = XXH3_128bits_digest(wide.get());
    const XXH128_hash_t other = XXH3_128bits_digest(plain.get());
    CHECK(XXH128_isEqual(one, other) == 1);
  }
}

TEST_CASE("XXH3 with a secret is what the library gives, of every length") {
  const std::vector<std::byte> secret = random_bytes(192);
  const std::vector<std::byte> all = random_bytes(70'000);
  for (std::size_t length = 0; length <= all.size(); length += length < 1100 ? 1 : 4091) {
    const auto part = std::span(all).first(length);
    REQUIRE(xxh3_with_secret(part, secret) ==
            XXH3_64bits_withSecret(part.data(), length, secret.data(), secret.size()));
  }
}

}  // namespace
}  // namespace holdfast
