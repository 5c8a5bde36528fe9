#include "service/archive/verify_archive.h"

#include <random>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "tests/support/crafted_archive.h"

namespace holdfast {
namespace {

std::string large_text(std::size_t bytes) {
  std::string text;
  for (unsigned i = 0; text.size() < bytes; ++i) text += std::to_string(i * 7919) + " visit ";
  return text;
}

// The faults, or the refusal as the only one.
std::vector<std::string> faults_of(const std::string& bytes) {
  OneFileStorage storage(bytes);
  try {
    return verify_archive(ArchiveReader(storage, "clinic.zip")).faults;
  } catch (const Error& error) {
    const bool expected = error.code() == ErrorCode::ArchiveInvalid ||
                          error.code() == ErrorCode::ArchiveDamaged ||
                          error.code() == ErrorCode::ArchiveTooNew;
    CHECK(expected);
    return {error.what()};
  }
}

// All that comes out of an archive that can be read: its manifest, and the content of each entry.
std::vector<std::string> content_of(const std::string& bytes) {
  OneFileStorage storage(bytes);
  const ArchiveReader archive(storage, "clinic.zip");
  std::vector<std::string> all{manifest_text(archive.manifest())};
  for (std::size_t entry = 0; entry < archive.entries().size(); ++entry) {
    std::string& content = all.emplace_back();
    for (std::size_t i = 0; i < archive.entries()[entry].block_offsets.size(); ++i) {
      for (const std::byte byte : archive.content(entry).read_block(i))
        content += static_cast<char>(byte);
    }
  }
  return all;
}

TEST_CASE("A good archive is verified to the last byte") {
  CraftedArchive crafted = small_archive();
  crafted.entries.push_back({.name = "large.txt", .content = large_text(5 * kBlockBytes + 1)});
  crafted.entries.push_back({.name = "empty.txt"});
  crafted.entries.push_back({.name = "full.txt", .content = std::string(2 * kBlockBytes, 'f')});
  OneFileStorage storage(crafted.bytes());
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  const VerifyReport report =
      verify_archive(ArchiveReader(storage, "a.zip"), [&](std::uint64_t done, std::uint64_t all) {
        CHECK(done >= last);
        last = done;
        total = all;
      });
  CHECK(report.is_good());
  CHECK(report.entries == 6);
  CHECK(report.bytes == total);
  CHECK(last == total);
  CHECK(total > 7 * kBlockBytes);
}

TEST_CASE("Verifying names each entry whose content is not what was backed up") {
  CraftedArchive crafted = small_archive();
  Manifest manifest = crafted.manifest;
  for (const CraftedEntry& entry : crafted.entries)
    manifest.entries.push_back(manifest_entry(entry));
  manifest.entries[1].xxh3.back() = manifest.entries[1].xxh3.back() == '0' ? '1' : '0';
  crafted.manifest_text = manifest_text(manifest);
  crafted.entries[2].deflated = deflated_blocks("Take ten.");
  const auto faults = faults_of(crafted.bytes());
  REQUIRE(faults.size() == 2);
  CHECK(faults[0] == "The archive clinic.zip is damaged: settings.json is not what was backed up.");
  CHECK(faults[1].find("1.txt is not what was backed up") != std::string::npos);
}

TEST_CASE("Verifying stops when it is asked to") {
  OneFileStorage storage(small_archive().bytes());
  const ArchiveReader archive(storage, "clinic.zip");
  std::stop_source stop;
  stop.request_stop();
  try {
    verify_archive(archive, {}, stop.get_token());
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::Cancelled);
  }
}

// Which bytes of the archive tell nothing that anybody reads: per entry in the directory the
// version that made it and the attributes that mean nothing in particular, in the end record none.
// Bits that only fill a byte up before a stored block's length, or after the end of a deflate
// stream, are read by nobody either. Times are noticed because they stand in both headers.
TEST_CASE("Verifying notices every flipped bit but those that nobody reads") {
  const std::string good = small_archive().bytes();
  REQUIRE(faults_of(good).empty());
  const std::vector<std::string> content = content_of(good);
  const std::size_t directory = good.find(std::string("PK\x01\x02"));
  std::size_t unnoticed_outside = 0;
  std::size_t unnoticed_in_directory = 0;
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ (1 << bit));
      if (!faults_of(bad).empty()) continue;
      CAPTURE(place, bit);
      CHECK(content_of(bad) == content);
      if (place < directory) {
        ++unnoticed_outside;
        continue;
      }
      ++unnoticed_in_directory;
      const std::size_t header = good.rfind("PK\x01\x02", place);
      const std::size_t field = place - header;
      const bool nobody_reads =
          field == 4 || field == 5 || field == 6 || field == 36 || (38 <= field && field < 42);
      CHECK(nobody_reads);
    }
  }
  INFO("unnoticed: " << unnoticed_outside << " outside, " << unnoticed_in_directory
                     << " in the directory");
  // Seven filling bits at most after each of the four streams, and the versions of four headers.
  CHECK(unnoticed_outside <= 4 * 7 + 4 * 8);
  CHECK(unnoticed_in_directory > 0);
}

TEST_CASE("Verifying notices every flipped bit in the flush between two blocks") {
  CraftedArchive crafted = small_archive();
  crafted.entries.resize(1);
  crafted.entries[0].content = large_text(kBlockBytes + 512);
  crafted.entries[0].content.resize(kBlockBytes + 512);
  std::vector<std::uint64_t> offsets;
  const std::string deflated = deflated_blocks(crafted.entries[0].content, offsets);
  const std::string good = crafted.bytes();
  const std::size_t flush = good.find(deflated) + static_cast<std::size_t>(offsets[1]) - 5;
  REQUIRE(good.substr(flush + 1, 4) == std::string("\0\0\xFF\xFF", 4));
  int unnoticed = 0;
  for (std::size_t place = flush; place < flush + 5; ++place) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[place] = static_cast<char>(bad[place] ^ (1 << bit));
      if (!faults_of(bad).empty()) continue;
      CAPTURE(place - flush, bit);
      CHECK(content_of(bad) == content_of(good));
      CHECK(place == flush);  // filling bits between the block's header and its length
      ++unnoticed;
    }
  }
  CHECK(unnoticed <= 5);
}

TEST_CASE("A mangled archive is refused or found good, and harms nothing") {
  std::mt19937 random(20261120);
  const auto any = [&random](std::size_t below) { return random() % below; };
  CraftedArchive crafted = small_archive();
  const std::string good = crafted.bytes();
  crafted.zip64_end = true;
  const std::string large = crafted.bytes();
  int refused = 0;
  constexpr int rounds = 4000;
  for (int round = 0; round < rounds; ++round) {
    std::string bad = round % 2 == 0 ? good : large;
    for (std::size_t changes = 1 + any(4); changes > 0; --changes) {
      const std::size_t place = any(bad.size());
      const std::size_t length = 1 + any(std::min<std::size_t>(16, bad.size() - place));
      switch (any(5)) {
        case 0: bad[place] = static_cast<char>(random()); break;
        case 1: bad.erase(place, length); break;
        case 2: bad.insert(place, bad.substr(any(bad.size()), length)); break;
        case 3: bad.replace(place, length, length, '\xFF'); break;
        default: bad.replace(place, length, length, '\0'); break;
      }
      if (bad.empty()) bad = "P";
    }
    if (!faults_of(bad).empty()) ++refused;
  }
  CHECK(refused > rounds * 9 / 10);
}

}  // namespace
}  // namespace holdfast
