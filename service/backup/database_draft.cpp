#include "service/backup/database_draft.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "common/error.h"
#include "service/backup/content_parts.h"

namespace holdfast {
namespace {

constexpr std::uint64_t kMostKeptBytes = std::uint64_t{24} * 1024 * 1024;

}  // namespace

DatabaseDraft::DatabaseDraft(std::uint64_t expected_bytes)
    : part_bytes_(part_bytes(expected_bytes)) {
  digests_.reserve(static_cast<std::size_t>(expected_bytes / part_bytes_ + 1));
}

void DatabaseDraft::take(std::span<const std::byte> bytes) {
  draft_bytes_ += bytes.size();
  cut(bytes, [this](std::span<const std::byte> part) { digests_.push_back(part_digest(part)); });
}

void DatabaseDraft::end_draft() {
  finish_part([this](std::span<const std::byte> part) { digests_.push_back(part_digest(part)); });
  final_bytes_ = draft_bytes_;
}

void DatabaseDraft::compare(std::span<const std::byte> bytes) {
  compared_bytes_ += bytes.size();
  cut(bytes, [this](std::span<const std::byte> part) { keep_if_new(part); });
}

void DatabaseDraft::end_comparison() {
  finish_part([this](std::span<const std::byte> part) { keep_if_new(part); });
  digests_.resize(static_cast<std::size_t>(compared_parts_));
  final_bytes_ = compared_bytes_;
}

bool DatabaseDraft::is_final() const {
  return corrections_.empty() && draft_bytes_ == final_bytes_;
}

bool DatabaseDraft::find(std::uint64_t place, std::span<std::byte> into, const Read& read) const {
  const std::uint64_t first = place / part_bytes_;
  const std::uint64_t begin = first * part_bytes_;
  const std::uint64_t asked_end = place + into.size();
  const std::uint64_t end =
      std::min(final_bytes_, (asked_end + part_bytes_ - 1) / part_bytes_ * part_bytes_);
  if (asked_end > end) return false;
  const std::vector<std::byte> found = read(begin, static_cast<std::size_t>(end - begin));
  const std::span<const std::byte> all(found);
  for (std::size_t at = 0; at < all.size(); at += part_bytes_) {
    const auto number = static_cast<std::size_t>(first + at / part_bytes_);
    const auto part = all.subspan(at, std::min(part_bytes_, all.size() - at));
    if (part_digest(part) != digests_[number]) return false;
  }
  // Iterators would be taken from byte to byte, which is a part of the time of every check.
  std::memcpy(into.data(), found.data() + (place - begin), into.size());
  return true;
}

void DatabaseDraft::correct(const EntryContent& archived,
                            const std::function<void(std::span<const std::byte>)>& take) const {
  const std::size_t draft_blocks = archived.entry().block_offsets.size();
  for (std::uint64_t place = 0; place < final_bytes_; place += kBlockBytes) {
    const auto number = static_cast<std::size_t>(place / kBlockBytes);
    std::vector<std::byte> block;
    if (number < draft_blocks) block = archived.read_block(number);
    block.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, final_bytes_ - place)));
    correct(place, block);
    take(block);
  }
}

void DatabaseDraft::correct(std::uint64_t place, std::span<std::byte> bytes) const {
  const std::uint64_t end = place + bytes.size();
  for (auto at = corrections_.lower_bound(place / part_bytes_);
       at != corrections_.end() && at->first * part_bytes_ < end; ++at) {
    const std::uint64_t part_place = at->first * part_bytes_;
    const std::uint64_t from = std::max(place, part_place);
    const std::uint64_t to = std::min(end, part_place + at->second.size());
    if (from >= to) continue;
    std::copy_n(at->second.begin() + static_cast<std::ptrdiff_t>(from - part_place), to - from,
                bytes.begin() + static_cast<std::ptrdiff_t>(from - place));
  }
}

void DatabaseDraft::cut(std::span<const std::byte> bytes, const OnPart& on_part) {
  while (!bytes.empty()) {
    if (begun_.empty() && bytes.size() >= part_bytes_) {
      on_part(bytes.first(part_bytes_));
      bytes = bytes.subspan(part_bytes_);
      continue;
    }
    const std::size_t length = std::min(bytes.size(), part_bytes_ - begun_.size());
    begun_.insert(begun_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    bytes = bytes.subspan(length);
    if (begun_.size() == part_bytes_) finish_part(on_part);
  }
}

void DatabaseDraft::finish_part(const OnPart& on_part) {
  if (begun_.empty()) return;
  on_part(begun_);
  begun_.clear();
}

void DatabaseDraft::keep_if_new(std::span<const std::byte> part) {
  const auto number = static_cast<std::size_t>(compared_parts_++);
  const std::uint64_t new_digest = part_digest(part);
  if (number < digests_.size() && digests_[number] == new_digest) return;
  if (number >= digests_.size()) digests_.resize(number + 1);
  digests_[number] = new_digest;
  kept_bytes_ += part.size();
  if (kept_bytes_ > kMostKeptBytes) {
    throw Error(ErrorCode::SourceChanged, "The database was changed too much while it was read.",
                "It is tried again; if it stays so, back up when its application rests.");
  }
  corrections_.emplace(number, std::vector<std::byte>(part.begin(), part.end()));
}

}  // namespace holdfast
