#include "service/backup/index_comparison.h"

#include <xxhash.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "service/backup/sqlite_rows.h"

namespace holdfast {
namespace {

// What stands behind the last column of an entry that has no more columns than it should.
constexpr std::string_view kNoMore = "no more columns";

SqlValue value_of(sqlite3_stmt* row, int column) {
  const auto bytes = [&] {
    const auto* begin = static_cast<const char*>(::sqlite3_column_blob(row, column));
    return std::string_view(begin, static_cast<std::size_t>(::sqlite3_column_bytes(row, column)));
  };
  switch (::sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER: return std::int64_t{::sqlite3_column_int64(row, column)};
    case SQLITE_FLOAT: return ::sqlite3_column_double(row, column);
    case SQLITE_TEXT: return SqlText{bytes()};
    case SQLITE_BLOB: return SqlBlob{bytes()};
    default: return SqlNull{};
  }
}

void read_values(sqlite3_stmt* row, std::vector<SqlValue>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = value_of(row, static_cast<int>(i));
}

// Of the same entries in any order.
struct EntriesDigest {
  std::uint64_t count = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  void add(const IndexKey& entry) {
    const XXH128_hash_t hash = XXH3_128bits(entry.exact().data(), entry.exact().size());
    ++count;
    low += hash.low64;
    high += hash.high64;
  }
  bool operator==(const EntriesDigest&) const = default;
};

// The entries that an index must have, from the rows of its table.
class ExpectedEntries {
 public:
  explicit ExpectedEntries(const std::vector<IndexLayout>& indexes)
      : indexes_(indexes), places_(indexes.size()), digests_(indexes.size()) {
    for (std::size_t i = 0; i < indexes.size(); ++i) {
      for (const IndexColumn& column : indexes[i].columns) places_[i].push_back(place_of(column));
    }
    values_.resize(selected_.size());
  }

  std::string sql(const std::string& table) const {
    std::string columns;
    for (const std::string& value : selected_) columns += (columns.empty() ? "" : ", ") + value;
    return "SELECT " + columns + " FROM main." + in_quotes(table, '"') + " AS t NOT INDEXED";
  }

  void take(sqlite3_stmt* row) {
    read_values(row, values_);
    for (std::size_t i = 0; i < indexes_.size(); ++i) {
      entry_.begin();
      for (std::size_t column = 0; column < places_[i].size(); ++column) {
        entry_.add(values_[places_[i][column]], indexes_[i].columns[column].order);
      }
      entry_.end();
      digests_[i].add(entry_);
    }
  }

  const EntriesDigest& digest(std::size_t index) const { return digests_[index]; }

 private:
  // Several indexes may want the same column.
  std::size_t place_of(const IndexColumn& column) {
    const auto found = std::ranges::find(selected_, column.value);
    const auto place = static_cast<std::size_t>(found - selected_.begin());
    if (found == selected_.end()) selected_.push_back(column.value);
    return place;
  }

  const std::vector<IndexLayout>& indexes_;
  std::vector<std::string> selected_;
  std::vector<std::vector<std::size_t>> places_;  // for each index, of its columns in values_
  std::vector<SqlValue> values_;
  std::vector<EntriesDigest> digests_;
  IndexKey entry_;
};

// The entries that an index has, in its order.
class FoundEntries {
 public:
  explicit FoundEntries(const IndexLayout& index)
      : index_(index), values_(index.columns.size() + 1) {}

  void take(sqlite3_stmt* row) {
    read_values(row, values_);
    const auto* behind = std::get_if<SqlText>(&values_.back());
    if (behind == nullptr || behind->bytes != kNoMore) are_good_ = false;
    std::swap(entry_, previous_);
    read_entry();
    digest_.add(entry_);
    if (digest_.count > 1 && !follows()) are_good_ = false;
  }

  // Whether they are in order, none has a column too many, and no key is there twice that must not.
  bool are_good() const { return are_good_; }
  bool have_nulls() const { return have_nulls_; }
  const EntriesDigest& digest() const { return digest_; }

 private:
  void read_entry() {
    entry_.begin();
    has_null_ = false;
    for (std::size_t i = 0; i < index_.columns.size(); ++i) {
      if (i == index_.key_columns) key_bytes_ = entry_.ordered().size();
      if (i < index_.key_columns && std::holds_alternative<SqlNull>(values_[i])) has_null_ = true;
      entry_.add(values_[i], index_.columns[i].order);
    }
    entry_.end();
    have_nulls_ = have_nulls_ || has_null_;
  }

  // NULLs are never the same key.
  bool follows() const {
    if (entry_.ordered() <= previous_.ordered()) return false;
    if (!index_.is_unique || has_null_) return true;
    return !previous_.ordered().starts_with(entry_.ordered().substr(0, key_bytes_));
  }

  const IndexLayout& index_;
  std::vector<SqlValue> values_;
  IndexKey entry_;
  IndexKey previous_;
  std::size_t key_bytes_ = 0;
  bool has_null_ = false;  // the entry
  bool have_nulls_ = false;
  EntriesDigest digest_;
  bool are_good_ = true;
};

// What `text` gives for each column, with `between` between them.
template <typename Text>
std::string joined(std::size_t columns, const char* between, Text text) {
  std::string all;
  for (std::size_t i = 0; i < columns; ++i) {
    all += (i == 0 ? "" : between) + text("c" + std::to_string(i), i);
  }
  return all;
}

const char* collation_name(Collation collation) {
  switch (collation) {
    case Collation::Binary: break;
    case Collation::NoCase: return "NOCASE";
    case Collation::RTrim: return "RTRIM";
  }
  return "BINARY";
}

std::string imposter_name(const IndexLayout& index) {
  return in_quotes("holdfast index " + std::to_string(index.root_page), '"');
}

// SQLite reads a NaN and a reserved kind of value as NULL, but does not find them as NULL: so it
// looks for each entry that seems to have a NULL. That is in the order of the index, and so near
// the last one.
std::string lost_nulls(const IndexLayout& index) {
  const auto is_null = [](const std::string& name, std::size_t) {
    return "+entry." + name + " IS NULL";
  };
  const auto is_same = [](const std::string& name, std::size_t) {
    return "found." + name + " IS entry." + name;
  };
  const std::string imposter = "main." + imposter_name(index);
  return "SELECT 1 FROM " + imposter + " AS entry WHERE (" +
         joined(index.key_columns, " OR ", is_null) + ") AND NOT EXISTS (SELECT 1 FROM " +
         imposter + " AS found WHERE " + joined(index.columns.size(), " AND ", is_same) +
         ") LIMIT 1";
}

}  // namespace

IndexComparison::~IndexComparison() {
  ::sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, connection_, "main", 0, 1);
}

std::optional<std::string> IndexComparison::fault(const std::string& table,
                                                  const std::vector<IndexLayout>& indexes) {
  ExpectedEntries expected(indexes);
  RowsEnd end = each_row(database_, connection_, expected.sql(table),
                         [&](sqlite3_stmt* row) { expected.take(row); });
  for (std::size_t i = 0; i < indexes.size() && end == RowsEnd::AllRead; ++i) {
    if (!make_imposter(indexes[i])) return std::nullopt;
    FoundEntries found(indexes[i]);
    end = each_row(database_, connection_, "SELECT * FROM main." + imposter_name(indexes[i]),
                   [&](sqlite3_stmt* row) { found.take(row); });
    bool is_good = found.are_good() && found.digest() == expected.digest(i);
    if (end == RowsEnd::AllRead && is_good && found.have_nulls()) {
      end = each_row(database_, connection_, lost_nulls(indexes[i]),
                     [&](sqlite3_stmt*) { is_good = false; });
    }
    if (end == RowsEnd::AllRead && !is_good) {
      return "the index " + indexes[i].name + " does not hold what the table " + table + " does";
    }
  }
  if (end == RowsEnd::NotUnderstood) return std::nullopt;
  return end == RowsEnd::Damaged ? ::sqlite3_errmsg(connection_) : "";
}

// An imposter shows every column as it is stored, which a query by way of the index does not.
bool IndexComparison::make_imposter(const IndexLayout& index) {
  const auto column = [&](const std::string& name, std::size_t i) {
    return name + " COLLATE " + collation_name(index.columns[i].order.collation);
  };
  const auto key = [&](const std::string& name, std::size_t i) {
    const bool descends = index.columns[i].order.direction == Direction::Descending;
    return name + (descends ? " DESC" : "");
  };
  const std::string sql = "CREATE TABLE " + imposter_name(index) + "(" +
                          joined(index.columns.size(), ", ", column) + ", behind DEFAULT " +
                          in_quotes(std::string(kNoMore), '\'') + ", PRIMARY KEY(" +
                          joined(index.columns.size(), ", ", key) + ")) WITHOUT ROWID";
  constexpr int kReadOnly = 2;
  ::sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, connection_, "main", kReadOnly,
                         static_cast<int>(index.root_page));
  const int result = ::sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr);
  ::sqlite3_test_control(SQLITE_TESTCTRL_IMPOSTER, connection_, "main", 0, 0);
  return result == SQLITE_OK;
}

}  // namespace holdfast
