#include <limits>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "service/backup/integrity_check.h"
#include "tests/support/database.h"
#include "tests/support/temporary_folder.h"

namespace holdfast {
namespace {

using Catch::Matchers::ContainsSubstring;

constexpr std::uint64_t kAllAreLarge = 0;
constexpr std::uint64_t kAllAreSmall = std::numeric_limits<std::uint64_t>::max();

std::string by_scans(const std::filesystem::path& path) {
  return integrity_faults(path, open_database(path).get(), kAllAreLarge);
}

std::string by_pragma(const std::filesystem::path& path) {
  return integrity_faults(path, open_database(path).get(), kAllAreSmall);
}

// A row in several indexes, of which each looks at it in another way.
constexpr const char* kTable =
    "PRAGMA synchronous=OFF; PRAGMA page_size=512;"
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, day, note TEXT UNIQUE, word TEXT, same TEXT,"
    " folded TEXT, trimmed TEXT);"
    "CREATE TABLE other (a UNIQUE); CREATE INDEX by_day ON visit (day, word); CREATE INDEX by_word "
    "ON visit (word, day);"
    "CREATE INDEX by_folded ON visit (folded COLLATE NOCASE);"
    "CREATE INDEX by_trimmed ON visit (trimmed COLLATE RTRIM, note DESC);"
    "CREATE INDEX by_same ON visit (same); CREATE INDEX by_id ON visit (id);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
    "INSERT INTO visit SELECT i, i % 50, 'note ' || i, char(65 + i % 26, 97 + i % 13), 'same',"
    " char(iif(i % 2, 65, 97) + i % 26), 'word ' || (i % 9) FROM n;"
    "UPDATE visit SET day = 9007199254740992 WHERE id = 9; UPDATE visit SET day = NULL"
    " WHERE id = 10; UPDATE visit SET word = cast(x'6100' AS TEXT) WHERE id = 11;";

// A schema without indexes, and as it was.
constexpr const char* kDetach =
    "CREATE TEMP TABLE kept AS SELECT * FROM sqlite_schema; PRAGMA writable_schema=ON;"
    "DELETE FROM sqlite_schema WHERE type = 'index';"
    "UPDATE sqlite_schema SET sql = replace(sql, ' UNIQUE', ''); PRAGMA writable_schema=RESET;";
constexpr const char* kAttach =
    "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema;"
    "INSERT INTO sqlite_schema SELECT * FROM kept;";

// What was done to the table or to the schema behind the back of the indexes.
struct Damage {
  const char* name;
  const char* to_rows = "";
  const char* to_schema = "";
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all{
      {"a row without entries", "INSERT INTO visit VALUES (1000, 1, 'new', 'Ab', 'same', '', '')"},
      {"entries without a row", "DELETE FROM visit WHERE id = 200"},
      {"one row in the place of another",
       "DELETE FROM visit WHERE id = 3; INSERT INTO visit VALUES (1000, 1, 'new', 'Ab', 'same', "
       "'', '')"},
      {"another rowid", "UPDATE visit SET id = 1000 WHERE id = 7"},
      {"two rowids exchanged",
       "UPDATE visit SET id = -1 WHERE id = 7; UPDATE visit SET id = 7 WHERE id = 8;"
       "UPDATE visit SET id = 8 WHERE id = -1"},
      {"another letter", "UPDATE visit SET note = 'note_6' WHERE id = 6"},
      {"a letter more", "UPDATE visit SET note = note || 'x' WHERE id = 400"},
      {"a letter behind a zero byte",
       "UPDATE visit SET word = cast(x'6101' AS TEXT) WHERE id = 11"},
      {"a zero byte more", "UPDATE visit SET word = cast(x'610000' AS TEXT) WHERE id = 11"},
      {"upper case", "UPDATE visit SET folded = upper(folded) WHERE id = 12"},
      {"a space at the end", "UPDATE visit SET trimmed = trimmed || ' ' WHERE id = 13"},
      {"the next number", "UPDATE visit SET day = 9007199254740993 WHERE id = 9"},
      {"a fraction", "UPDATE visit SET day = day + 0.5 WHERE id = 14"},
      {"a number as text", "UPDATE visit SET day = cast(day AS TEXT) WHERE id = 15"},
      {"a text as a blob", "UPDATE visit SET note = cast(note AS BLOB) WHERE id = 16"},
      {"NULL", "UPDATE visit SET day = NULL WHERE id = 17"},
      {"no NULL", "UPDATE visit SET day = 0 WHERE id = 10"},
      {"no rows", "DELETE FROM visit"},
      {"two indexes exchanged", "",
       "UPDATE sqlite_schema SET rootpage = (SELECT sum(rootpage) FROM sqlite_schema WHERE name IN"
       " ('by_day', 'by_word')) - rootpage WHERE name IN ('by_day', 'by_word')"},
      {"an automatic index exchanged", "",
       "UPDATE sqlite_schema SET rootpage = (SELECT sum(rootpage) FROM sqlite_schema WHERE name IN"
       " ('by_same', 'sqlite_autoindex_visit_1')) - rootpage WHERE name IN"
       " ('by_same', 'sqlite_autoindex_visit_1')"},
      {"the index of the rowid exchanged", "",
       "UPDATE sqlite_schema SET rootpage = (SELECT sum(rootpage) FROM sqlite_schema WHERE name IN"
       " ('by_same', 'by_id')) - rootpage WHERE name IN ('by_same', 'by_id')"},
      {"a kind in capitals", "UPDATE visit SET day = 7 WHERE id = 1",
       "UPDATE sqlite_schema SET type = upper(type) WHERE name = 'visit'"},
      {"keys that are there twice", "",
       "UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX by_same', 'CREATE UNIQUE INDEX"
       " by_same')"},
      {"equal letters that are there twice", "",
       "UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX by_folded', 'CREATE UNIQUE INDEX"
       " by_folded')"},
      {"the other order", "", "UPDATE sqlite_schema SET sql = replace(sql, '(day,', '(day DESC,')"},
      {"no order", "", "UPDATE sqlite_schema SET sql = replace(sql, ' DESC)', ')')"},
      {"another collation", "",
       "UPDATE sqlite_schema SET sql = replace(sql, '(folded COLLATE NOCASE)', '(folded)')"},
      {"columns exchanged in an index", "",
       "UPDATE sqlite_schema SET sql = replace(sql, '(day, word)', '(word, day)')"},
      {"columns exchanged in the table", "",
       "UPDATE sqlite_schema SET sql = replace(sql, 'word TEXT, same TEXT', 'same TEXT, word"
       " TEXT')"},
  };
  return all;
}

void make_damaged(const std::filesystem::path& path, const Damage& damage) {
  const SqliteConnection connection = open_database(path);
  execute(connection.get(), kTable);
  execute(connection.get(), kDetach);
  execute(connection.get(), damage.to_rows);
  execute(connection.get(), kAttach);
  execute(connection.get(), damage.to_schema);
}

TEST_CASE("Indexes that differ from their table are told of in SQLite's words") {
  for (const Damage& damage : damages()) {
    CAPTURE(damage.name);
    const TemporaryFolder folder;
    const auto path = folder.path() / "damaged.db";
    make_damaged(path, damage);
    CHECK_FALSE(by_pragma(path).empty());
    CHECK_FALSE(by_scans(path).empty());
    CHECK_THAT(by_scans(path), !ContainsSubstring("does not hold"));
  }
}

TEST_CASE("What is the same key to SQLite is no difference between an index and its table") {
  for (const Damage& damage :
       {Damage{"nothing"},
        Damage{"a whole number as a fraction", "UPDATE visit SET day = day * 1.0 WHERE id <> 9"},
        Damage{"two to the power of 53", "UPDATE visit SET day = 9007199254740992.0 WHERE id = 9"},
        Damage{"rows written anew", "UPDATE visit SET same = same || '' WHERE id > 100"}}) {
    CAPTURE(damage.name);
    const TemporaryFolder folder;
    const auto path = folder.path() / "sound.db";
    make_damaged(path, damage);
    CHECK(by_pragma(path) == "");
    CHECK(by_scans(path) == "");
  }
}

// The only entry of an index on a text column, as bytes of the file; two bytes more than it needs.
void make_with_entry(const std::filesystem::path& path, const std::string& entry) {
  constexpr std::size_t kPage = 512;
  make_database(path,
                "PRAGMA page_size=512; CREATE TABLE word (text TEXT);"
                "CREATE INDEX word_text ON word (text); INSERT INTO word (rowid, text)"
                " VALUES (5, 'xx');");
  std::string content = file_content(path);
  REQUIRE(content.size() == 3 * kPage);
  const std::size_t place = content.size() - entry.size() - 1;
  content.replace(place, entry.size() + 1, static_cast<char>(entry.size()) + entry);
  const auto offset = static_cast<char>(place % 256);
  content[2 * kPage + 6] = offset;  // where the entries begin, and where the first is
  content[2 * kPage + 9] = offset;
  write_file(path, content);
}

TEST_CASE("An entry with a column too many is a fault only when SQLite takes it for one") {
  using namespace std::string_literals;
  const TemporaryFolder folder;
  const auto path = folder.path() / "word.db";
  make_with_entry(path, "\x03\x11\x01xx\x05");
  CHECK(by_pragma(path) == "");
  CHECK(by_scans(path) == "");
  make_with_entry(folder.path() / "wrong.db", "\x04\x11\x01\x01xx\x04\x05");
  CHECK_THAT(by_pragma(folder.path() / "wrong.db"), ContainsSubstring("missing"));
  CHECK_THAT(by_scans(folder.path() / "wrong.db"), ContainsSubstring("missing"));
  make_with_entry(folder.path() / "more.db", "\x04\x11\x01\x01xx\x05\x05");
  CHECK(by_pragma(folder.path() / "more.db") == "");
  CHECK(by_scans(folder.path() / "more.db") == "");
}

// Pets without names and owners. Their index, which has `nulls` columns, holds one NULL as another
// kind of value. What PRAGMA integrity_check says of it.
std::string with_kind_of_null(const std::filesystem::path& path, const std::string& index,
                              std::size_t nulls, char kind) {
  make_database(path,
                "PRAGMA synchronous=OFF; CREATE TABLE pet (name TEXT, owner INTEGER);" + index +
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)"
                    "INSERT INTO pet SELECT iif(i % 2, NULL, 'Cat ' || i), NULL FROM n;");
  std::string content = file_content(path);
  const std::string entry = static_cast<char>(nulls + 2) + std::string(nulls, '\0') + "\x01\x33";
  const std::size_t place = content.rfind(entry);  // of the row 51
  REQUIRE(place != std::string::npos);
  content[place + nulls] = kind;
  write_file(path, content);
  return by_pragma(path);
}

TEST_CASE("What SQLite reads as NULL but does not find as NULL is a fault") {
  constexpr char kSameAsNull = 10;
  constexpr char kReserved = 11;
  struct Case {
    const char* index;
    std::size_t nulls;
  };
  for (const auto& [index, nulls] :
       {Case{"CREATE INDEX pet_index ON pet (owner);", 1},
        Case{"CREATE UNIQUE INDEX pet_index ON pet (name DESC);", 1},
        Case{"CREATE INDEX pet_index ON pet (name COLLATE NOCASE);", 1},
        Case{"CREATE INDEX pet_index ON pet (name, owner);", 2},
        Case{"CREATE INDEX pet_index ON pet (name DESC, owner DESC);", 2},
        Case{"CREATE UNIQUE INDEX pet_index ON pet (name COLLATE NOCASE, owner DESC);", 2},
        Case{"CREATE INDEX pet_index ON pet (owner COLLATE RTRIM, name COLLATE NOCASE DESC);", 2},
        Case{"CREATE INDEX pet_index ON pet (owner, name, owner DESC);", 3}}) {
    CAPTURE(index);
    const TemporaryFolder folder;
    const auto path = folder.path() / "pet.db";
    for (const char kind : {'\0', kSameAsNull}) {
      CHECK(with_kind_of_null(path, index, nulls, kind) == "");
      CHECK(by_scans(path) == "");
      std::filesystem::remove(path);
    }
    CHECK_THAT(with_kind_of_null(path, index, nulls, kReserved),
               ContainsSubstring("row 51 missing from index pet_index"));
    CHECK_THAT(by_scans(path), ContainsSubstring("row 51 missing from index pet_index"));
  }
}

}  // namespace
}  // namespace holdfast
