#include <algorithm>
#include <limits>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include "common/error.h"
#include "service/backup/integrity_check.h"
#include "tests/support/database.h"
#include "tests/support/database_kinds.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

constexpr int kDamages = 500;  // of each kind of database
constexpr std::uint64_t kAllAreLarge = 0;
constexpr std::uint64_t kAllAreSmall = std::numeric_limits<std::uint64_t>::max();

// Changes the pages of a database a little, as disks and programs do.
class Vandal {
 public:
  Vandal(std::string content, std::uint64_t seed) : sound_(std::move(content)), random_(seed) {
    page_bytes_ =
        static_cast<unsigned char>(sound_[16]) * 256U + static_cast<unsigned char>(sound_[17]);
    for (std::size_t page = page_bytes_; page < sound_.size(); page += page_bytes_) {
      const char kind = sound_[page];
      if (kind == kIndexLeaf || kind == kIndexInner) index_pages_.push_back(page);
    }
  }

  std::string damaged() {
    content_ = sound_;
    for (auto left = 1 + below(3); left > 0; --left) damage_page();
    return content_;
  }

 private:
  static constexpr char kIndexInner = 2;
  static constexpr char kIndexLeaf = 10;
  static constexpr std::size_t kLeafHeader = 8;

  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }

  std::size_t any_page() {
    if (!index_pages_.empty() && below(3) != 0) return index_pages_[below(index_pages_.size())];
    return below(content_.size() / page_bytes_) * page_bytes_;
  }

  // Where a leaf keeps the place of one of its cells.
  std::size_t cell_pointer(std::size_t page) {
    const std::size_t cells = static_cast<unsigned char>(content_[page + 4]);
    const std::size_t room = (page_bytes_ - kLeafHeader) / 2;
    return page + kLeafHeader + 2 * below(std::clamp<std::size_t>(cells, 1, room));
  }

  // One of the first bytes of a cell, which tell what is in it.
  std::size_t in_entry(std::size_t page) {
    const std::size_t pointer = cell_pointer(page);
    const std::size_t cell = static_cast<unsigned char>(content_[pointer]) * 256U +
                             static_cast<unsigned char>(content_[pointer + 1]);
    return page + (cell + below(7)) % page_bytes_;
  }

  void damage_page() {
    const std::size_t page = any_page();
    const std::size_t place = page + below(page_bytes_);
    switch (below(10)) {
      case 0: content_[place] = static_cast<char>(random_()); break;
      // The kinds of the values of an entry, among them the reserved ones.
      case 8:
      case 9: content_[in_entry(page)] = static_cast<char>(below(14)); break;
      case 1: std::swap(content_[place], content_[page + below(page_bytes_)]); break;
      case 2: swap_bytes(cell_pointer(page), cell_pointer(page), 2); break;
      case 3: copy_bytes(cell_pointer(page), cell_pointer(page), 2); break;
      case 4: swap_bytes(page, any_page(), page_bytes_); break;
      case 5: copy_bytes(place, page + below(page_bytes_), 1 + below(16)); break;
      case 6: content_[page + below(12)] ^= static_cast<char>(1 << below(8)); break;
      default: content_[place] ^= static_cast<char>(1 << below(8));
    }
  }

  void swap_bytes(std::size_t one, std::size_t other, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) std::swap(content_[one + i], content_[other + i]);
  }

  void copy_bytes(std::size_t from, std::size_t to, std::size_t count) {
    const std::string bytes = content_.substr(from, count);
    content_.replace(to, std::min(bytes.size(), content_.size() - to), bytes, 0,
                     content_.size() - to);
  }

  const std::string sound_;
  std::mt19937_64 random_;
  std::size_t page_bytes_ = 0;
  std::vector<std::size_t> index_pages_;
  std::string content_;
};

// What is found; an Error is a finding as well.
std::string faults(const std::string& content, std::uint64_t small_bytes) {
  try {
    return integrity_faults("damaged.db", open_content(content).get(), small_bytes);
  } catch (const Error& error) {
    return error.what();
  }
}

std::string content_of(const DatabaseKind& kind, const std::string& settings) {
  const TemporaryFolder folder;
  make_database(folder.path() / "sound.db", "PRAGMA synchronous=OFF;" + settings + kind.sql);
  return file_content(folder.path() / "sound.db");
}

TEST_CASE("Whatever PRAGMA integrity_check finds is found by scans too") {
  const std::uint64_t seed = std::random_device{}();
  int found = 0;
  for (const DatabaseKind& kind : database_kinds()) {
    for (const char* settings : {"PRAGMA page_size=512;", "PRAGMA auto_vacuum=FULL;"}) {
      CAPTURE(kind.name, settings, seed);
      Vandal vandal(content_of(kind, settings), seed);
      for (int number = 0; number < kDamages / 2; ++number) {
        const std::string content = vandal.damaged();
        const std::string by_pragma = faults(content, kAllAreSmall);
        const std::string by_scans = faults(content, kAllAreLarge);
        CAPTURE(number, by_pragma);
        REQUIRE((by_pragma.empty() || !by_scans.empty()));
        if (!by_pragma.empty()) ++found;
        if (by_pragma.empty() && !by_scans.empty()) WARN("more than SQLite: " << by_scans);
      }
    }
  }
  CHECK(found > kDamages);
}

}  // namespace
}  // namespace holdfast
