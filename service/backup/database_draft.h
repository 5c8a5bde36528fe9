#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "service/archive/entry_content.h"

namespace holdfast {

// A content that was read while others could still change it, remembered by the digests of its
// parts. Later it is compared with what it has become, and corrected.
class DatabaseDraft {
 public:
  // The size bounds the memory for the digests: some MiB whatever it is.
  explicit DatabaseDraft(std::uint64_t expected_bytes);

  // The draft, in order, and its end. It is the final content unless another follows.
  void take(std::span<const std::byte> bytes);
  void end_draft();
  // The final content, in order, and its end. What differs is kept; throws Error(SourceChanged)
  // when that is more than 24 MiB.
  void compare(std::span<const std::byte> bytes);
  void end_comparison();

  // Whether the draft is the final content, to the byte.
  bool is_final() const;
  // Fills `into` with the final content at `place`, if that is what `read`, which gives so many
  // bytes from a place, still finds. It must not throw.
  using Read = std::function<std::vector<std::byte>(std::uint64_t place, std::size_t bytes)>;
  bool find(std::uint64_t place, std::span<std::byte> into, const Read& read) const;

  // Hands out the final content, made of the draft where it was archived.
  void correct(const EntryContent& archived,
               const std::function<void(std::span<const std::byte>)>& take) const;

 private:
  using OnPart = std::function<void(std::span<const std::byte> part)>;

  void cut(std::span<const std::byte> bytes, const OnPart& on_part);
  void finish_part(const OnPart& on_part);
  void keep_if_new(std::span<const std::byte> part);
  void correct(std::uint64_t place, std::span<std::byte> bytes) const;

  const std::size_t part_bytes_;
  std::vector<std::byte> begun_;  // of a part that is not complete yet
  std::vector<std::uint64_t> digests_;
  std::uint64_t draft_bytes_ = 0;
  std::uint64_t final_bytes_ = 0;
  std::uint64_t compared_parts_ = 0;
  std::uint64_t compared_bytes_ = 0;
  std::uint64_t kept_bytes_ = 0;
  std::map<std::uint64_t, std::vector<std::byte>> corrections_;  // by the number of the part
};

}  // namespace holdfast
