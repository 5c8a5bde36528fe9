#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "service/archive/zip_directory.h"
#include "service/archive/zip_writer.h"

namespace holdfast {
namespace {

// A file of any size that keeps what is written in small pieces, and of large ones only the size:
// they read as zeros.
class SparseFile final : public StoredFile {
 public:
  static constexpr std::size_t kLargePiece = 32 * 1024;

  std::size_t read_at(std::uint64_t place, std::span<std::byte> into) const override {
    const std::uint64_t end = std::min<std::uint64_t>(size_, place + into.size());
    std::fill(into.begin(), into.end(), std::byte{0});
    for (const auto& [begin, bytes] : pieces_) {
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (begin + i >= place && begin + i < end) into[begin + i - place] = bytes[i];
      }
    }
    return end > place ? static_cast<std::size_t>(end - place) : 0;
  }
  void write_at(std::uint64_t place, std::span<const std::byte> bytes) override {
    size_ = std::max(size_, place + bytes.size());
    if (bytes.size() < kLargePiece)
      pieces_.emplace_back(place, std::vector(bytes.begin(), bytes.end()));
  }
  void flush() override {}
  std::uint64_t size() const override { return size_; }

 private:
  // In the order of the writes: a later one may lie over an earlier one.
  std::vector<std::pair<std::uint64_t, std::vector<std::byte>>> pieces_;
  std::uint64_t size_ = 0;
};

constexpr std::uint64_t kFourGiB = 1ULL << 32;

TEST_CASE("Entries and a directory that lie beyond 4 GiB are written and found again") {
  constexpr std::uint64_t kLarge = kFourGiB + 7 * 65536;
  constexpr std::uint64_t kContent = 3 * kFourGiB;
  SparseFile file;
  ZipWriter zip(file);
  const Time time = time_from("2026-11-20T10:43:53Z");
  zip.begin_entry("clinic.db", time, kContent);
  const std::vector<std::byte> part(65536);
  for (std::uint64_t done = 0; done < kLarge; done += part.size()) zip.write_deflated(part);
  zip.end_entry(kContent, 0x0badf00d);
  zip.begin_entry("settings.json", time, 5);
  zip.write_deflated(std::span(part).first(3));
  zip.end_entry(5, 7);
  zip.finish();

  ZipDirectory directory = read_zip_directory(file, "large.zip");
  REQUIRE(directory.entries.size() == 2);
  for (ZipEntry& entry : directory.entries) check_zip_entry(file, "large.zip", entry);
  check_zip_layout(directory, "large.zip");
  const ZipEntry& large = directory.entries[0];
  CHECK(large.name == "clinic.db");
  CHECK(large.size == kContent);
  CHECK(large.compressed_size == kLarge);
  CHECK(large.crc32 == 0x0badf00d);
  const ZipEntry& small = directory.entries[1];
  CHECK(small.header_place == large.content_place + kLarge);
  CHECK(small.header_place > kFourGiB);
  CHECK(small.size == 5);
  CHECK(small.compressed_size == 3);
  CHECK(directory.place == small.content_place + 3);
}

}  // namespace
}  // namespace holdfast
