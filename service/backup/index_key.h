#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast {

struct SqlNull {};
struct SqlText {
  std::string_view bytes;  // UTF-8
};
struct SqlBlob {
  std::string_view bytes;
};
using SqlValue = std::variant<SqlNull, std::int64_t, double, SqlText, SqlBlob>;

// The collations that SQLite brings along.
enum class Collation { Binary, NoCase, RTrim };
enum class Direction { Ascending, Descending };

// How the values of one column follow each other in an index.
struct KeyOrder {
  Collation collation = Collation::Binary;
  Direction direction = Direction::Ascending;
};

// An entry of an index as bytes that compare (memcmp) as SQLite compares the entries: NULL,
// numbers, text, blobs. A whole number and a fraction that are equal, 1 and 1.0, are the same
// bytes, as they are the same key to SQLite. A NaN must come as NULL, as SQLite reads it.
class IndexKey {
 public:
  // In this order: begin(), add() for each column, with the same `order` in every entry, and end().
  void begin();
  void add(const SqlValue& value, KeyOrder order);
  void end();

  // Of the columns so far: equal when SQLite takes them for equal; and no entry's bytes begin with
  // those of another.
  std::string_view ordered() const { return std::string_view(bytes_).substr(0, ordered_bytes_); }
  // After end(): equal only when text that a collation takes for equal is the same as well.
  std::string_view exact() const { return bytes_; }

 private:
  // One for each kind of value; only texts have a collation.
  void append(SqlNull value, Collation collation);
  void append(std::int64_t number, Collation collation);
  void append(double number, Collation collation);
  void append(SqlText text, Collation collation);
  void append(SqlBlob blob, Collation collation);

  std::string bytes_;
  std::size_t ordered_bytes_ = 0;
  std::string folded_texts_;  // those of which the order does not tell every byte
};

}  // namespace holdfast
