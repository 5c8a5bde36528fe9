#include "service/backup/database_snapshot.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "common/path_text.h"
#include "service/backup/count_query.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/backup/schema_text.h"
#include "service/backup/sqlite_failure.h"

namespace holdfast {
namespace {

std::string text(sqlite3_stmt* statement, int column) {
  const unsigned char* value = ::sqlite3_column_text(statement, column);
  const auto length = static_cast<std::size_t>(::sqlite3_column_bytes(statement, column));
  return value == nullptr ? std::string() : std::string(value, value + length);
}

struct HashStateFree {
  void operator()(XXH3_state_t* state) const { ::XXH3_freeState(state); }
};

// Each text ends in a zero byte, which no text of a schema holds.
std::string hash_of(const std::vector<std::array<std::string, 4>>& rows) {
  const std::unique_ptr<XXH3_state_t, HashStateFree> state(::XXH3_createState());
  if (!state) throw std::bad_alloc();
  ::XXH3_128bits_reset(state.get());
  for (const auto& row : rows) {
    for (const std::string& part : row) {
      ::XXH3_128bits_update(state.get(), part.c_str(), part.size() + 1);
    }
  }
  XXH128_canonical_t canonical;
  ::XXH128_canonicalFromHash(&canonical, ::XXH3_128bits_digest(state.get()));
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const unsigned char byte : canonical.digest) {
    digits += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  }
  return digits;
}

}  // namespace

struct DatabaseSnapshot::State {
  std::filesystem::path path;
  std::optional<LiveDatabase> database;
  std::uint32_t page_size = 0;
  std::uint64_t page_count = 0;
  bool blocks_writers = false;

  Error failure(int result) const { return sqlite_failure(path, result, database->connection()); }

  Error damage(const std::string& reason) const {
    return {ErrorCode::DatabaseDamaged,
            "Cannot read the database " + path_text(path) + ": " + reason,
            "Restore it from the newest good archive."};
  }

  SqliteStatement prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    const int result = ::sqlite3_prepare_v2(database->connection(), sql, -1, &statement, nullptr);
    SqliteStatement owner(statement);
    if (result != SQLITE_OK) throw failure(result);
    return owner;
  }

  bool next_row(const SqliteStatement& statement) const {
    const int result = ::sqlite3_step(statement.get());
    if (result != SQLITE_ROW && result != SQLITE_DONE) throw failure(result);
    return result == SQLITE_ROW;
  }

  std::string value(const char* sql) const {
    const SqliteStatement statement = prepare(sql);
    return next_row(statement) ? text(statement.get(), 0) : std::string();
  }

  void begin() {
    next_row(prepare("BEGIN"));
    // The transaction opens with the first look at the file: from here on the state stands still.
    page_count = std::stoull(value("PRAGMA page_count"));
    page_size = static_cast<std::uint32_t>(std::stoul(value("PRAGMA page_size")));
    const bool from_wal = !database->rests() && value("PRAGMA journal_mode") == "wal";
    blocks_writers = !database->rests() && !from_wal;
    // SQLite counts a page that is there in part as a page, with zeros for the rest.
    if (const std::uint64_t bytes = database->file_bytes();
        !from_wal && bytes < page_count * page_size) {
      throw damage("it is cut off, for it has " + std::to_string(bytes) + " bytes of " +
                   std::to_string(page_count * page_size) + ".");
    }
  }
};

DatabaseSnapshot::DatabaseSnapshot(const std::filesystem::path& database)
    : state_(std::make_unique<State>()) {
  state_->path = database;
  state_->database.emplace(database);
  state_->begin();
  state_->database->check_still_rests();
}

DatabaseSnapshot::~DatabaseSnapshot() = default;

std::uint32_t DatabaseSnapshot::page_size() const {
  return state_->page_size;
}

std::uint64_t DatabaseSnapshot::page_count() const {
  return state_->page_count;
}

bool DatabaseSnapshot::blocks_writers() const {
  return state_->blocks_writers;
}

void DatabaseSnapshot::read_pages(
    const std::function<void(std::span<const std::byte> page)>& take) {
  const SqliteStatement pages =
      state_->prepare("SELECT data FROM sqlite_dbpage('main') ORDER BY pgno");
  std::uint64_t taken = 0;
  while (state_->next_row(pages)) {
    const void* page = ::sqlite3_column_blob(pages.get(), 0);
    const auto bytes = static_cast<std::size_t>(::sqlite3_column_bytes(pages.get(), 0));
    if (page == nullptr || bytes != state_->page_size) {
      throw state_->damage("page " + std::to_string(taken + 1) + " cannot be read.");
    }
    take({static_cast<const std::byte*>(page), bytes});
    ++taken;
  }
  if (taken != state_->page_count) {
    throw state_->damage("only " + std::to_string(taken) + " of " +
                         std::to_string(state_->page_count) + " pages can be read.");
  }
  state_->database->check_still_rests();
}

std::map<std::string, std::int64_t> DatabaseSnapshot::counts(
    const std::map<std::string, std::string>& queries, std::chrono::milliseconds limit) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [name, sql] : queries) {
    counts[name] = run_count(state_->database->connection(), {name, sql}, limit);
  }
  state_->database->check_still_rests();
  return counts;
}

std::string DatabaseSnapshot::schema_hash() {
  // What SQLite adds for itself, statistics and automatic indexes, comes and goes.
  const SqliteStatement statement = state_->prepare(
      "SELECT name, type, tbl_name, sql FROM sqlite_schema "
      "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  std::vector<std::array<std::string, 4>> rows;
  while (state_->next_row(statement)) {
    sqlite3_stmt* row = statement.get();
    rows.push_back({text(row, 0), text(row, 1), text(row, 2), normalized_sql(text(row, 3))});
  }
  state_->database->check_still_rests();
  // Here and not in SQL, whose order depends on the encoding of the database.
  std::ranges::sort(rows);
  return hash_of(rows);
}

std::string DatabaseSnapshot::integrity_faults() {
  std::string faults = holdfast::integrity_faults(state_->path, state_->database->connection());
  state_->database->check_still_rests();
  return faults;
}

void DatabaseSnapshot::close() {
  state_->database.reset();
}

}  // namespace holdfast
