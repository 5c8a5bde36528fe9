#include "tests/support/database_kinds.h"

#include <cstring>
#include <new>

namespace holdfast {
namespace {

const std::string kNumbers =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300) ";

// Without types, so that each value is stored as it is.
const std::string kHardValues =
    "CREATE TABLE hard (a, b);"
    "INSERT INTO hard (a) VALUES (NULL), (NULL), (0), (0.0), (-0.0), (1), (1.0), (-1), (0.1),"
    " (127), (128), (32768), (8388608), (2147483648), (140737488355328), (1e15), (1e16),"
    " (9007199254740991), (9007199254740992), (9007199254740993), (9007199254740992.0),"
    " (9223372036854775807), (9223372036854775806), (9223372036854774784), (-9223372036854775807),"
    " (-9223372036854775807 - 1), (9223372036854775808.0), (-9223372036854775808.0), (1e999),"
    " (-1e999), (1e300), (5e-324), (''), (x''), ('a'), (x'61'), ('A'), ('a '), ('a  '), (' '),"
    " (x'00'), (x'0000'), (x'00ff'), (cast(x'6100' AS TEXT)), (cast(x'610062' AS TEXT)),"
    " (cast(x'00' AS TEXT)), (cast(x'ff' AS TEXT)), (cast(x'c328' AS TEXT)), ('ä'), ('Ä'), ('€'),"
    " (zeroblob(100)), ('1'), ('1.0');"
    "INSERT INTO hard SELECT a, rowid % 5 FROM hard;"
    "UPDATE hard SET b = a WHERE b IS NULL;";

std::vector<DatabaseKind> make_kinds() {
  return {
      {"a clinic",
       "CREATE TABLE patient (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT "
       "NULL,"
       " born TEXT, weight REAL, CHECK (length(name) > 1));"
       "CREATE INDEX patient_name ON patient (name, born);"
       "CREATE INDEX patient_weight ON patient (weight);"
       "CREATE TABLE visit (id INTEGER PRIMARY KEY AUTOINCREMENT, patient INTEGER REFERENCES"
       " patient, day TEXT, note TEXT);"
       "CREATE INDEX visit_patient ON visit (patient, day DESC);" +
           kNumbers +
           "INSERT INTO patient SELECT i, hex(randomblob(16)), 'name ' || (i % 40),"
           " nullif('19' || (i % 90 + 10), '1944'), i % 50 / 2.0 FROM n;" +
           kNumbers +
           "INSERT INTO visit SELECT NULL, i * 7 % 300 + 1, '2026-01-' || (i % 28), "
           "hex(zeroblob(i))"
           " FROM n;"},
      {"hard values", kHardValues +
                          "CREATE INDEX up ON hard (a); CREATE INDEX down ON hard (a DESC, b);"
                          "CREATE INDEX turned ON hard (b, a DESC);"},
      {"collations", kHardValues +
                         "CREATE INDEX folded ON hard (a COLLATE NOCASE);"
                         "CREATE INDEX folded_down ON hard (a COLLATE nocase DESC, b);"
                         "CREATE INDEX trimmed ON hard (b, a COLLATE RTRIM);"
                         "CREATE TABLE word (text TEXT COLLATE NOCASE UNIQUE, other TEXT COLLATE"
                         " RTRIM);"
                         "CREATE INDEX word_other ON word (other, text COLLATE BINARY);" +
                         kNumbers +
                         "INSERT INTO word SELECT 'Word ' || i, 'x' || i || ' ' FROM n;"},
      {"unique keys with NULLs",
       "CREATE TABLE card (number TEXT, patient INTEGER, day, UNIQUE (patient, day));"
       "CREATE UNIQUE INDEX card_number ON card (number DESC);" +
           kNumbers +
           "INSERT INTO card SELECT iif(i % 3, 'card ' || i, NULL), iif(i % 5, i % 10, NULL),"
           " iif(i % 7, i, NULL) FROM n;"},
      {"rowids in indexes",
       "CREATE TABLE aliased (id INTEGER PRIMARY KEY, kind INTEGER);"
       "CREATE INDEX aliased_id ON aliased (id DESC); CREATE INDEX both ON aliased (kind, id);"
       "CREATE TABLE plain (kind INTEGER);"
       "CREATE INDEX plain_twice ON plain (kind, kind, kind DESC);" +
           kNumbers + "INSERT INTO aliased SELECT i * 1000003 * (i % 2 * 2 - 1), i % 4 FROM n;" +
           kNumbers +
           "INSERT INTO plain (rowid, kind) SELECT i + (i % 2 << (20 + i % 40)), i % 2 FROM n;"},
      {"odd names",
       "CREATE TABLE \"123\" (\"select\" TEXT, \"it's \"\"quoted\"\"\" TEXT, [a b] TEXT, rowid "
       "TEXT);"
       "CREATE INDEX \"20\" ON \"123\" (\"it's \"\"quoted\"\"\", \"select\");"
       "CREATE UNIQUE INDEX \"o'clock\" ON \"123\" ([a b]);"
       "CREATE INDEX \"of rowid\" ON \"123\" (rowid);"
       "CREATE TABLE \"pragma_index_list\" (\"sqlite'\" UNIQUE);"
       "CREATE TABLE \"größe\" (\"wert €\" UNIQUE, oid, _rowid_);" +
           kNumbers +
           "INSERT INTO \"123\" SELECT 'x' || i, i % 9, 'y' || i, 'z' FROM n;"
           "INSERT INTO \"größe\" VALUES ('a', 1, 2), ('b', 3, 4);"
           "INSERT INTO pragma_index_list VALUES (1), (2);"},
      {"types and added columns",
       "CREATE TABLE strict (i INT, r REAL, t TEXT UNIQUE, b BLOB, a ANY) STRICT;"
       "CREATE INDEX strict_all ON strict (r, i DESC, a, b, t);"
       "CREATE TABLE grown (a TEXT);" +
           kNumbers + "INSERT INTO strict SELECT i, i % 7, i, zeroblob(i % 5), i % 3 FROM n;" +
           kNumbers +
           "INSERT INTO grown SELECT i FROM n; ALTER TABLE grown ADD COLUMN b REAL DEFAULT 5;"
           "ALTER TABLE grown ADD COLUMN c TEXT DEFAULT 'none'; ALTER TABLE grown ADD COLUMN d;"
           "CREATE INDEX grown_all ON grown (b, d, a); INSERT INTO grown VALUES (1, 2.5, '', 3);"
           "ALTER TABLE grown DROP COLUMN c;"
           "CREATE INDEX grown_c ON grown (b); ALTER TABLE grown RENAME COLUMN d TO \"new d\";"},
      {"large keys",
       "CREATE TABLE file (path TEXT, content BLOB);"
       "CREATE UNIQUE INDEX file_path ON file (path); CREATE INDEX file_content ON file "
       "(content);" +
           kNumbers +
           "INSERT INTO file SELECT hex(randomblob(i * 20)), randomblob(i * 13) FROM n"
           " WHERE i % 10 = 0;"},
      {"computed columns",
       "CREATE TABLE computed (a INTEGER, b REAL AS (a * 0.1), c TEXT AS (a || 'x') STORED);"
       "CREATE INDEX computed_b ON computed (b); CREATE UNIQUE INDEX computed_c ON computed (c, "
       "b);" +
           kNumbers + "INSERT INTO computed SELECT i FROM n;"},
      {"expressions",
       "CREATE TABLE person (name TEXT, age INTEGER, gone INTEGER);"
       "CREATE INDEX person_lower ON person (lower(name), age);"
       "CREATE INDEX person_there ON person (name) WHERE gone IS NULL;"
       "CREATE UNIQUE INDEX person_once ON person (name, age) WHERE age > 250;"
       "CREATE TABLE other (a UNIQUE);" +
           kNumbers + "INSERT INTO person SELECT 'N' || i, i, nullif(i % 3, 0) FROM n;" + kNumbers +
           "INSERT INTO other SELECT i FROM n;",
       false},
      {"no rowids",
       "CREATE TABLE setting (section TEXT COLLATE NOCASE, name TEXT, value, PRIMARY KEY (section,"
       " name DESC)) WITHOUT ROWID;"
       "CREATE INDEX setting_value ON setting (value, name);"
       "CREATE TABLE code (code INTEGER PRIMARY KEY, text TEXT UNIQUE) WITHOUT ROWID;" +
           kNumbers + "INSERT INTO setting SELECT 's' || (i % 20), 'n' || i, i % 30 FROM n;" +
           kNumbers + "INSERT INTO code SELECT i, 'c' || i FROM n;",
       false},
      {"all rowid names taken",
       "CREATE TABLE taken (RowId UNIQUE, oid, _rowid_);" + kNumbers +
           "INSERT INTO taken SELECT 'a' || i, i, i FROM n;",
       false},
      {"virtual tables",
       "CREATE VIRTUAL TABLE text USING fts5(word); CREATE VIRTUAL TABLE old USING fts4(word);"
       "CREATE VIRTUAL TABLE place USING rtree(id, x0, x1);"
       "CREATE TABLE note (id INTEGER PRIMARY KEY, word TEXT UNIQUE);"
       "CREATE VIEW words AS SELECT word FROM note; CREATE VIEW broken AS SELECT * FROM missing;"
       "CREATE TRIGGER noted AFTER INSERT ON note BEGIN INSERT INTO text VALUES (new.word); END;" +
           kNumbers + "INSERT INTO note SELECT i, 'w' || i FROM n;" + kNumbers +
           "INSERT INTO old SELECT 'w' || i FROM n;" + kNumbers +
           "INSERT INTO place SELECT i, i, i + 1 FROM n;",
       false},
  };
}

int compare_lengths(void*, int one, const void*, int other, const void*) {
  return one - other;
}

void answer_one(sqlite3_context* context, int, sqlite3_value**) {
  sqlite3_result_int(context, 1);
}

}  // namespace

const std::vector<DatabaseKind>& database_kinds() {
  static const std::vector<DatabaseKind> kinds = make_kinds();
  return kinds;
}

void equip_as_application(sqlite3* connection) {
  sqlite3_create_collation(connection, "local", SQLITE_UTF8, nullptr, compare_lengths);
  sqlite3_create_function(connection, "vendor", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr,
                          answer_one, nullptr, nullptr);
}

const DatabaseKind& application_kind() {
  static const DatabaseKind kind{
      "an application's own",
      "CREATE TABLE street (name TEXT COLLATE local UNIQUE);"
      "CREATE TABLE house (number INTEGER UNIQUE, CHECK (vendor(number)));" +
          kNumbers + "INSERT INTO street SELECT hex(zeroblob(i)) FROM n;" + kNumbers +
          "INSERT INTO house SELECT i FROM n;",
      false};
  return kind;
}

SqliteConnection open_content(const std::string& content) {
  sqlite3* raw = nullptr;
  sqlite3_open(":memory:", &raw);
  SqliteConnection connection(raw);
  auto* bytes = static_cast<unsigned char*>(sqlite3_malloc64(content.size()));
  if (bytes == nullptr) throw std::bad_alloc();
  std::memcpy(bytes, content.data(), content.size());
  const auto size = static_cast<sqlite3_int64>(content.size());
  sqlite3_deserialize(raw, "main", bytes, size, size,
                      SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY);
  return connection;
}

}  // namespace holdfast
