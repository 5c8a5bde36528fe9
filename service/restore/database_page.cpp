#include "service/restore/database_page.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace holdfast {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::uint64_t kLockPlace = 0x40000000;

struct Field {
  std::ptrdiff_t begin;
  std::ptrdiff_t end;
};
constexpr Field kPageSize{16, 18};
constexpr Field kVersions{18, 20};  // by which the file is written and read: its journal mode
constexpr std::size_t kReserved = 20;
constexpr Field kCounterAndSize{24, 32};
constexpr Field kPageCount{28, 32};
constexpr Field kCookie{40, 44};
constexpr Field kLargestRoot{52, 56};  // with any vacuuming
constexpr Field kEncoding{56, 60};
constexpr std::uint32_t kUtf8 = 1;  // and 0 as long as nothing was written
constexpr Field kIncremental{64, 68};
constexpr Field kValidFor{92, 100};  // the counter, and the version of SQLite that set it

constexpr std::array<Field, 4> kOwnFields{kVersions, kCounterAndSize, kCookie, kValidFor};

Page bytes_of(Page page, Field field) {
  return page.subspan(static_cast<std::size_t>(field.begin),
                      static_cast<std::size_t>(field.end - field.begin));
}

std::uint32_t number_in(Page page, Field field) {
  std::uint32_t number = 0;
  for (const std::byte byte : bytes_of(page, field)) {
    number = number << 8U | std::to_integer<std::uint32_t>(byte);
  }
  return number;
}

bool is_header(std::uint32_t number, Page page) {
  return number == 1 && page.size() >= kHeaderBytes;
}

std::vector<std::byte> without_own_fields(Page page) {
  std::vector<std::byte> rest(page.begin(), page.end());
  for (const auto& [begin, end] : kOwnFields) {
    std::fill(rest.begin() + begin, rest.begin() + end, std::byte{0});
  }
  return rest;
}

}  // namespace

bool is_lock_page(std::uint32_t number, Page page) {
  return !page.empty() && number == kLockPlace / page.size() + 1;
}

bool is_same_page(std::uint32_t number, Page one, Page other) {
  if (is_header(number, one) && is_header(number, other)) {
    return without_own_fields(one) == without_own_fields(other);
  }
  if (one.size() != other.size()) return false;
  return is_lock_page(number, one) || std::memcmp(one.data(), other.data(), one.size()) == 0;
}

std::uint64_t page_hash(std::uint32_t number, Page page) {
  if (!is_header(number, page)) return XXH3_64bits(page.data(), page.size());
  const std::vector<std::byte> rest = without_own_fields(page);
  return XXH3_64bits(rest.data(), rest.size());
}

DatabaseHeader database_header(Page first) {
  if (first.size() < kHeaderBytes) return {};
  using Vacuum = DatabaseHeader::Vacuum;
  const bool vacuums = number_in(first, kLargestRoot) != 0;
  const bool is_incremental = number_in(first, kIncremental) != 0;
  const std::uint32_t page_size = number_in(first, kPageSize);
  return {.page_size = page_size == 1 ? 65536 : page_size,
          .reserved_bytes = std::to_integer<std::uint8_t>(first[kReserved]),
          .vacuum = vacuums ? (is_incremental ? Vacuum::Incremental : Vacuum::Full) : Vacuum::None,
          .encoding = std::max(number_in(first, kEncoding), kUtf8),
          .schema_cookie = number_in(first, kCookie)};
}

bool can_take_single_pages(const DatabaseHeader& live, const DatabaseHeader& staged) {
  return live.page_size == staged.page_size && live.reserved_bytes == staged.reserved_bytes &&
         live.vacuum == staged.vacuum && live.vacuum != DatabaseHeader::Vacuum::Full;
}

std::vector<std::byte> first_page_for(Page live, Page staged, std::uint32_t page_count) {
  std::vector<std::byte> page(staged.begin(), staged.end());
  for (const Field& field : kOwnFields) {
    std::ranges::copy(bytes_of(live, field), page.begin() + field.begin);
  }
  for (auto at = page.begin() + kPageCount.end; at != page.begin() + kPageCount.begin;) {
    *--at = static_cast<std::byte>(page_count & 0xFFU);
    page_count >>= 8U;
  }
  return page;
}

}  // namespace holdfast
