#include "service/backup/integrity_check.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "service/backup/index_comparison.h"
#include "service/backup/sqlite_failure.h"
#include "service/backup/sqlite_rows.h"

namespace holdfast {
namespace {

constexpr const char* kFirstFaults = "20";

// What integrity_faults() is asked about.
struct Database {
  const std::filesystem::path& path;
  sqlite3* connection;
};

// The first column of all rows, as far as they can be read.
struct Lines {
  std::vector<std::string> lines;
  RowsEnd end = RowsEnd::AllRead;
};

Lines ask(const Database& database, const std::string& sql) {
  Lines answer;
  answer.end = each_row(database.path, database.connection, sql,
                        [&](sqlite3_stmt* row) { answer.lines.push_back(text_column(row, 0)); });
  return answer;
}

std::uint64_t number(const Database& database, const std::string& sql) {
  const Lines answer = ask(database, sql);
  return answer.lines.empty() ? 0 : std::stoull(answer.lines.front());
}

// The faults that one check reports, or nothing when it cannot run on this schema.
std::optional<std::string> check(const Database& database, const std::string& pragma) {
  Lines answer = ask(database, "PRAGMA " + pragma);
  if (answer.end == RowsEnd::NotUnderstood) return std::nullopt;
  if (answer.end == RowsEnd::Damaged) {
    answer.lines.emplace_back(::sqlite3_errmsg(database.connection));
  }
  std::string faults;
  for (const std::string& line : answer.lines) {
    if (line != "ok") faults += (faults.empty() ? "" : "\n") + line;
  }
  return faults;
}

std::optional<std::string> quick_check(const Database& database, const std::string& what) {
  return check(database, "quick_check(" + what + ")");
}

// The same pages of an index are looked up again and again, so they are kept.
std::optional<std::string> integrity_check(const Database& database, const std::string& what) {
  ask(database, "PRAGMA cache_size=-" + std::to_string(kIntegrityCacheBytes / 1024));
  return check(database, "integrity_check(" + what + ")");
}

// Where an index seems to differ from its table, SQLite has the last word: a sound database that is
// called damaged would get no backup.
std::optional<std::string> index_faults(const Database& database, IndexComparison& comparison,
                                        const TableLayout& table) {
  std::optional<std::string> own;
  if (table.indexes) own = comparison.fault(table.name, *table.indexes);
  if (own && own->empty()) return own;
  const auto faults = integrity_check(database, in_quotes(table.name, '\''));
  return faults ? faults : own;
}

// Without looking rows up in indexes, as far as possible. Nothing when this way is of no use, and
// when it cannot tell.
std::optional<std::string> faults_by_scans(const Database& database) {
  const auto tables = indexed_tables(database.path, database.connection);
  const auto can_be_compared = [](const TableLayout& table) { return table.indexes.has_value(); };
  if (!tables || std::ranges::none_of(*tables, can_be_compared)) return std::nullopt;
  auto faults = quick_check(database, kFirstFaults);
  IndexComparison comparison(database.path, database.connection);
  for (const TableLayout& table : *tables) {
    if (!faults || !faults->empty()) break;
    faults = index_faults(database, comparison, table);
  }
  return faults;
}

std::string faults_by_pragmas(const Database& database) {
  if (const auto faults = integrity_check(database, kFirstFaults)) return *faults;
  ask(database, "PRAGMA ignore_check_constraints=1");
  if (const auto faults = quick_check(database, kFirstFaults)) return *faults;

  const Lines tables =
      ask(database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0");
  if (tables.end != RowsEnd::AllRead) {
    throw sqlite_failure(database.path, ::sqlite3_extended_errcode(database.connection),
                         database.connection);
  }
  std::string all;
  for (const std::string& table : tables.lines) {
    const auto faults = quick_check(database, in_quotes(table, '\''));
    if (faults && !faults->empty()) all += (all.empty() ? "" : "\n") + *faults;
  }
  return all;
}

}  // namespace

std::string integrity_faults(const std::filesystem::path& path, sqlite3* connection,
                             std::uint64_t small_bytes) {
  const Database database{path, connection};
  const std::uint64_t bytes =
      number(database, "PRAGMA page_count") * number(database, "PRAGMA page_size");
  if (bytes > small_bytes) {
    if (const auto faults = faults_by_scans(database)) return *faults;
  }
  return faults_by_pragmas(database);
}

}  // namespace holdfast
