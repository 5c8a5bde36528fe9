#pragma once

#include <xxhash.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace holdfast {

// XXH3 with 128 bits, over bytes as they come.
class ContentHash {
 public:
  ContentHash();

  void add(std::span<const std::byte> bytes);
  // Of what was added so far: 32 hexadecimal digits.
  std::string digits() const;

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

}  // namespace holdfast
