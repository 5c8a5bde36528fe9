#include "service/backup/index_key.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using namespace std::string_literals;

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr std::int64_t kTwoTo53 = std::int64_t{1} << 53;

// What is hard to put in order, as whole numbers, fractions, text and blobs.
std::vector<SqlValue> hard_values() {
  static const std::vector<std::string> texts{
      "",         "\0"s,   "\0\0"s,    "\0\xFF"s, " ",     "  ",    " \0"s,  "a",  "A",
      "a ",       "a  ",   "A ",       "a\0"s,    "a\0b"s, "A\0c"s, "a\0 "s, "ab", "aB",
      "a b",      "a\x01", "aa",       "AA",      "B",     "[",     "_",     "z",  "\xC3\xA4",
      "\xC3\x84", "\xFF",  "\xFF\xFF", "\x7F",    "abc",   "ABCD",  "1",     "1.0"};
  std::vector<SqlValue> values{SqlNull{}};
  for (const std::int64_t number :
       {kSmallest,         kSmallest + 1,   kSmallest + 1023, kSmallest + 1024, kSmallest + 1025,
        -kTwoTo53 - 2,     -kTwoTo53 - 1,   -kTwoTo53,        -kTwoTo53 + 1,    std::int64_t{-256},
        std::int64_t{-1},  std::int64_t{0}, std::int64_t{1},  std::int64_t{2},  std::int64_t{255},
        std::int64_t{256}, kTwoTo53 - 1,    kTwoTo53,         kTwoTo53 + 1,     kTwoTo53 + 2,
        2 * kTwoTo53 + 1,  kLargest - 1024, kLargest - 1023,  kLargest - 512,   kLargest - 511,
        kLargest - 1,      kLargest}) {
    values.emplace_back(number);
    values.emplace_back(static_cast<double>(number));
    values.emplace_back(std::nextafter(static_cast<double>(number), kInfinity));
    values.emplace_back(std::nextafter(static_cast<double>(number), -kInfinity));
  }
  for (const double number : {-0.0, 0.5, -0.5, 1e-300, -1e-300, 1e300, -1e300, kTwoTo63, -kTwoTo63,
                              2 * kTwoTo63, kInfinity, -kInfinity, 5e-324}) {
    values.emplace_back(number);
  }
  for (const std::string& text : texts) {
    values.emplace_back(SqlText{text});
    values.emplace_back(SqlBlob{text});
  }
  return values;
}

void bind(sqlite3_stmt* statement, int place, const SqlValue& value) {
  const auto size = [](std::string_view bytes) { return static_cast<int>(bytes.size()); };
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, place, *whole);
  } else if (const auto* fraction = std::get_if<double>(&value)) {
    sqlite3_bind_double(statement, place, *fraction);
  } else if (const auto* text = std::get_if<SqlText>(&value)) {
    sqlite3_bind_text(statement, place, text->bytes.data(), size(text->bytes), SQLITE_STATIC);
  } else if (const auto* blob = std::get_if<SqlBlob>(&value)) {
    sqlite3_bind_blob(statement, place, blob->bytes.data(), size(blob->bytes), SQLITE_STATIC);
  } else {
    sqlite3_bind_null(statement, place);
  }
}

std::string key(const SqlValue& value, KeyOrder order) {
  IndexKey made;
  made.begin();
  made.add(value, order);
  return std::string(made.ordered());
}

std::string exact_key(const SqlValue& value, KeyOrder order) {
  IndexKey made;
  made.begin();
  made.add(value, order);
  made.end();
  return std::string(made.exact());
}

int sign(int number) {
  return number < 0 ? -1 : number > 0 ? 1 : 0;
}

struct NamedCollation {
  Collation collation;
  const char* name;
};
constexpr NamedCollation kCollations[] = {
    {Collation::Binary, "BINARY"}, {Collation::NoCase, "NOCASE"}, {Collation::RTrim, "RTRIM"}};

// How SQLite sorts the values: rows of equal ones have the same rank.
std::vector<int> ranks_of(const std::vector<SqlValue>& values, const std::string& collation) {
  const TemporaryFolder folder;
  const SqliteConnection database = open_database(folder.path() / "order.db");
  execute(database.get(), "CREATE TABLE hard (id INTEGER PRIMARY KEY, value)");
  sqlite3_stmt* raw = nullptr;
  sqlite3_prepare_v2(database.get(), "INSERT INTO hard (value) VALUES (?)", -1, &raw, nullptr);
  const SqliteStatement insert(raw);
  for (const SqlValue& value : values) {
    sqlite3_reset(raw);
    bind(raw, 1, value);
    REQUIRE(sqlite3_step(raw) == SQLITE_DONE);
  }
  const std::string sql =
      "SELECT rank() OVER (ORDER BY value COLLATE " + collation + ") FROM hard ORDER BY id";
  sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &raw, nullptr);
  const SqliteStatement select(raw);
  std::vector<int> ranks;
  while (sqlite3_step(raw) == SQLITE_ROW) ranks.push_back(sqlite3_column_int(raw, 0));
  return ranks;
}

TEST_CASE("Keys of an index compare byte by byte as SQLite compares the values") {
  const std::vector<SqlValue> values = hard_values();
  for (const auto& [collation, name] : kCollations) {
    const std::vector<int> ranks = ranks_of(values, name);
    REQUIRE(ranks.size() == values.size());
    for (std::size_t one = 0; one < values.size(); ++one) {
      for (std::size_t other = 0; other < values.size(); ++other) {
        CAPTURE(name, one, other);
        const int expected = sign(ranks[one] - ranks[other]);
        const KeyOrder up{collation, Direction::Ascending};
        const KeyOrder down{collation, Direction::Descending};
        REQUIRE(sign(key(values[one], up).compare(key(values[other], up))) == expected);
        REQUIRE(sign(key(values[one], down).compare(key(values[other], down))) == -expected);
        const std::string longer = key(values[other], up);
        REQUIRE((expected == 0 || !longer.starts_with(key(values[one], up))));
      }
    }
  }
}

TEST_CASE("Keys that a collation takes for equal are told apart by their exact bytes") {
  const std::vector<SqlValue> values = hard_values();
  const std::vector<int> ranks = ranks_of(values, "BINARY");
  for (const auto& [collation, name] : kCollations) {
    for (std::size_t one = 0; one < values.size(); ++one) {
      for (std::size_t other = 0; other < values.size(); ++other) {
        CAPTURE(name, one, other);
        const KeyOrder order{collation, Direction::Descending};
        REQUIRE((exact_key(values[one], order) == exact_key(values[other], order)) ==
                (ranks[one] == ranks[other]));
      }
    }
  }
}

TEST_CASE("Neither NULL nor an empty text is mixed up with what stands in the next column") {
  const auto pair = [](const SqlValue& one, const SqlValue& other) {
    IndexKey made;
    made.begin();
    made.add(one, {});
    made.add(other, {Collation::NoCase, Direction::Descending});
    made.end();
    return std::string(made.exact());
  };
  CHECK(pair(SqlText{"a"}, SqlText{"bc"}) != pair(SqlText{"ab"}, SqlText{"c"}));
  CHECK(pair(SqlText{""}, SqlText{"a"}) != pair(SqlText{"a"}, SqlText{""}));
  CHECK(pair(SqlNull{}, SqlText{""}) != pair(SqlText{""}, SqlNull{}));
  CHECK(pair(SqlText{"a"}, SqlText{"B"}) != pair(SqlText{"a"}, SqlText{"b"}));
}

}  // namespace
}  // namespace holdfast
