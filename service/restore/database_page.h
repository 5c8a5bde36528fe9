#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace holdfast {

// Pages of a database file as a restore compares them, decided from their bytes alone. Pure.

using Page = std::span<const std::byte>;

// Whether it is the one that SQLite keeps its locks on, and never reads or writes.
bool is_lock_page(std::uint32_t number, Page page);

// Whether the content is the same. What SQLite sets anew in the first page with each transaction
// does not count, nor does what stands in the page of the locks.
bool is_same_page(std::uint32_t number, Page one, Page other);
// XXH3 of the content in that sense.
std::uint64_t page_hash(std::uint32_t number, Page page);

// What the first page tells of all others.
struct DatabaseHeader {
  enum class Vacuum { None, Full, Incremental };

  std::uint32_t page_size = 0;
  std::uint8_t reserved_bytes = 0;  // of each page, for extensions
  Vacuum vacuum = Vacuum::None;
  std::uint32_t encoding = 0;
  std::uint32_t schema_cookie = 0;

  bool operator==(const DatabaseHeader&) const = default;
};
DatabaseHeader database_header(Page first);

// Whether pages of the one may be written into the other, each for itself, in a transaction of the
// other's. SQLite itself moves pages when it commits where vacuuming is full.
bool can_take_single_pages(const DatabaseHeader& live, const DatabaseHeader& staged);

// The staged first page as the live database takes it: in its own journal mode, and with the cookie
// of its own schema, so that a transaction may go on after it was written.
std::vector<std::byte> first_page_for(Page live, Page staged, std::uint32_t page_count);

}  // namespace holdfast
