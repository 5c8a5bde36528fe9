#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "service/backup/index_layout.h"

namespace holdfast {

// Tells whether the indexes of a database hold what the rows of their tables say: an entry for each
// row and none besides, in the order of the index, and no key twice when it is unique. It finds
// what PRAGMA integrity_check finds of that, and reads each table and each index once from one end
// to the other: the time grows with their size, and no pages need to stay in memory. Entries are
// compared by sums of their digests, 128 bits: what happens by chance does not get past them, but
// somebody who wants to can.
//
// The indexes are read through imposter tables, which the connection's schema has while this lives.
// One thread at a time.
class IndexComparison {
 public:
  // `database` is what errors name. Both must outlive this.
  IndexComparison(const std::filesystem::path& database, sqlite3* connection)
      : database_(database), connection_(connection) {}
  IndexComparison(const IndexComparison&) = delete;
  IndexComparison& operator=(const IndexComparison&) = delete;
  ~IndexComparison();

  // A sentence about the first index that is wrong, empty when none is, and nothing when that
  // cannot be told. PRAGMA quick_check comes before: it looks at the rows and the pages, this does
  // not. Throws as each_row() does.
  std::optional<std::string> fault(const std::string& table,
                                   const std::vector<IndexLayout>& indexes);

 private:
  // Whether it could.
  bool make_imposter(const IndexLayout& index);

  const std::filesystem::path& database_;
  sqlite3* connection_;
};

}  // namespace holdfast
