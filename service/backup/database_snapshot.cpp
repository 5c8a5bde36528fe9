#include "service/backup/database_snapshot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/backup/schema_hash.h"
#include "service/backup/sqlite_failure.h"
#include "service/backup/sqlite_watch.h"
#include "service/platform/sqlite_query.h"

namespace holdfast {
namespace {

constexpr std::uint64_t kPreviewBytes = std::uint64_t{1024} * 1024;

struct SnapshotFree {
  void operator()(sqlite3_snapshot* state) const { ::sqlite3_snapshot_free(state); }
};
using WalState = std::unique_ptr<sqlite3_snapshot, SnapshotFree>;

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

  SqliteQuery query(const char* sql) const {
    return {database->connection(), sql, [this](int result) { return failure(result); }};
  }

  void run(const char* sql) const { query(sql).run(); }

  std::string value(const char* sql) const {
    SqliteQuery row = query(sql);
    return row.next_row() ? row.text(0) : std::string();
  }

  // The transaction opens with the first look at the file: from here on the state stands still.
  void begin() {
    run("BEGIN");
    look();
  }

  void look() {
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
    database->check_still_rests();
  }

  // Of a transaction in WAL mode; nothing while the WAL is empty.
  WalState wal_state() const {
    sqlite3_snapshot* raw = nullptr;
    const int result = ::sqlite3_snapshot_get(database->connection(), "main", &raw);
    WalState state(raw);
    if (result != SQLITE_OK && (result & 0xFF) != SQLITE_ERROR) throw failure(result);
    return state;
  }

  // Opens a transaction at the state that another has in WAL mode. Whether it could.
  bool begin_at(const WalState& wanted) {
    // Before it has read something, a connection does not know that the database has a WAL.
    value("PRAGMA schema_version");
    run("BEGIN");
    if (wanted &&
        ::sqlite3_snapshot_open(database->connection(), "main", wanted.get()) != SQLITE_OK)
      return false;
    look();
    return wanted || !wal_state();
  }
};

DatabaseSnapshot::DatabaseSnapshot(const std::filesystem::path& database, Begin begin)
    : state_(std::make_unique<State>()) {
  state_->path = database;
  state_->database.emplace(database);
  state_->begin();
  if (begin == Begin::Later && state_->blocks_writers) end();
}

DatabaseSnapshot::DatabaseSnapshot(std::unique_ptr<State> state) : state_(std::move(state)) {}

void DatabaseSnapshot::preview(
    const std::function<void(std::span<const std::byte> bytes)>& take) const {
  const std::uint64_t end = state_->database->file_bytes();
  for (std::uint64_t place = 0; place < end; place += kPreviewBytes) {
    take(state_->database->peek(place, std::min<std::uint64_t>(kPreviewBytes, end - place)));
  }
}

void DatabaseSnapshot::begin() {
  state_->begin();
}

std::unique_ptr<DatabaseSnapshot> DatabaseSnapshot::again() const {
  if (state_->blocks_writers) return nullptr;
  auto other = std::make_unique<State>();
  other->path = state_->path;
  try {
    other->database.emplace(state_->path);
    if (other->database->rests() != state_->database->rests()) return nullptr;
    if (other->database->rests()) {
      other->begin();
    } else if (!other->begin_at(state_->wal_state())) {
      return nullptr;
    }
  } catch (const Error&) {
    return nullptr;
  }
  return std::unique_ptr<DatabaseSnapshot>(new DatabaseSnapshot(std::move(other)));
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
  SqliteQuery pages = state_->query("SELECT data FROM sqlite_dbpage('main') ORDER BY pgno");
  std::uint64_t taken = 0;
  while (pages.next_row()) {
    const std::span<const std::byte> page = pages.bytes(0);
    if (page.size() != state_->page_size) {
      throw state_->damage("page " + std::to_string(taken + 1) + " cannot be read.");
    }
    take(page);
    ++taken;
  }
  if (taken != state_->page_count) {
    throw state_->damage("only " + std::to_string(taken) + " of " +
                         std::to_string(state_->page_count) + " pages can be read.");
  }
  state_->database->check_still_rests();
}

Counts DatabaseSnapshot::counts(const std::map<std::string, std::string>& queries,
                                std::chrono::milliseconds limit, const std::stop_token& stop) {
  Counts counts = run_counts(state_->database->connection(), queries, limit,
                             [&stop] { return stop.stop_requested(); });
  state_->database->check_still_rests();
  return counts;
}

std::optional<DatabaseState> DatabaseSnapshot::database_state() const {
  return holdfast::database_state(*state_->database);
}

std::string DatabaseSnapshot::schema_hash() {
  std::string hash = holdfast::schema_hash(state_->path, state_->database->connection());
  state_->database->check_still_rests();
  return hash;
}

std::string DatabaseSnapshot::integrity_faults(const std::function<bool()>& must_end) {
  sqlite3* const connection = state_->database->connection();
  const SqliteWatch watch(connection, must_end);
  std::string faults = holdfast::integrity_faults(state_->path, connection);
  state_->database->check_still_rests();
  return faults;
}

void DatabaseSnapshot::end() {
  state_->run("COMMIT");
}

std::vector<std::byte> DatabaseSnapshot::peek(std::uint64_t place, std::size_t bytes) const {
  return state_->database->peek(place, bytes);
}

void DatabaseSnapshot::close() {
  state_->database.reset();
}

}  // namespace holdfast
