#include "service/restore/live_transaction.h"

#include <sqlite3.h>

#include <array>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

#include "common/error.h"
#include "common/path_text.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/platform/path_limits.h"
#include "service/platform/sqlite_query.h"
#include "service/restore/page_patch.h"
#include "service/restore/staged_pages.h"
#include "service/restore/whole_copy.h"
#include "service/restore/write_failure.h"

namespace holdfast {
namespace {

constexpr int kBusyMilliseconds = 2000;

SqliteConnection opened(const std::filesystem::path& path, int flags, const std::string& name) {
  check_path(path);
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(
      name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  SqliteConnection connection(raw);
  if (result != SQLITE_OK) throw sqlite_failure(path, result, raw);
  const int off = 0;
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, off, static_cast<int*>(nullptr));
  ::sqlite3_busy_timeout(raw, kBusyMilliseconds);
  ::sqlite3_wal_autocheckpoint(raw, 0);
  const int set = ::sqlite3_exec(raw, "PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;", nullptr,
                                 nullptr, nullptr);
  if (set != SQLITE_OK) throw sqlite_failure(path, set, raw);
  return connection;
}

bool has_empty_wal(const std::filesystem::path& database) {
  std::filesystem::path wal = database;
  wal += "-wal";
  std::error_code failure;
  const std::uintmax_t bytes = std::filesystem::file_size(wal, failure);
  return failure || bytes == 0;
}

}  // namespace

struct LiveTransaction::State {
  explicit State(const std::filesystem::path& database)
      : path(database),
        writer(opened(database, SQLITE_OPEN_READWRITE, path_text(database))),
        failure([this](int result) { return sqlite_failure(path, result, writer.get()); }),
        write_failure(
            [this](int result) { return holdfast::write_failure(path, result, writer.get()); }) {
    // What was not committed here is not for this program to tidy up.
    checkpoint_at_end(has_empty_wal(database));
    // The first look: what is no database is none to either of them.
    number(writer.get(), "PRAGMA schema_version");
    SqliteQuery mode(writer.get(), "PRAGMA journal_mode", failure);
    is_wal = mode.next_row() && mode.text(0) == "wal";
    reader = opened_reader();
    look();
  }

  // What others change from now on changes the version that the writer sees.
  void look() { writer_version = number(writer.get(), "PRAGMA data_version"); }

  SqliteConnection opened_reader() const {
    return opened(path, SQLITE_OPEN_READONLY, path_text(path));
  }

  DatabaseHeader header() const {
    SqliteQuery first(reader.get(), "SELECT data FROM sqlite_dbpage WHERE pgno = 1", failure);
    return first.next_row() ? database_header(first.bytes(0)) : DatabaseHeader();
  }

  // Found in the live pages' size: the staged ones may have another.
  std::vector<WitnessPage> differences(StagedPages staged) const {
    std::vector<WitnessPage> found;
    SqliteQuery live(reader.get(), "SELECT pgno, data FROM sqlite_dbpage", failure);
    while (found.size() < kMostWitnesses && live.next_row()) {
      const auto number = static_cast<std::uint32_t>(live.number(0));
      const Page before = live.bytes(1);
      if (staged.is_same(number, before)) continue;
      const Page restored = staged.page(number);
      found.push_back({.number = number,
                       .before = page_hash(number, before),
                       .restored = page_hash(number, restored)});
    }
    return found;
  }

  // A commit that failed when all was written, but not flushed, has left in the -wal what the next
  // recovery would take for committed. Where that can be done, a transaction that changes nothing
  // is written over it, for those who have the database open until then.
  void cover_failed_commit() const {
    ::sqlite3_exec(writer.get(),
                   "INSERT INTO sqlite_dbpage(pgno, data) "
                   "SELECT pgno, data FROM sqlite_dbpage WHERE pgno = 1",
                   nullptr, nullptr, nullptr);
  }

  // Whether the last one that lets go of it writes back what stands in the -wal.
  void checkpoint_at_end(bool does) const {
    ::sqlite3_db_config(writer.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, does ? 0 : 1,
                        static_cast<int*>(nullptr));
  }

  std::int64_t number(sqlite3* connection, const char* sql) const {
    SqliteQuery query(connection, sql, failure);
    return query.next_row() ? query.number(0) : 0;
  }

  // In rollback mode each change counts up here; the file can be looked at behind a lock.
  std::uint32_t change_counter() const {
    constexpr sqlite3_int64 kPlace = 24;
    std::array<unsigned char, 4> bytes{};
    sqlite3_file* file = nullptr;
    ::sqlite3_file_control(reader.get(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
    const int result = file->pMethods->xRead(file, bytes.data(), 4, kPlace);
    if (result != SQLITE_OK) throw failure(result);
    std::uint32_t counter = 0;
    for (const unsigned char byte : bytes) counter = counter << 8U | byte;
    return counter;
  }

  std::int64_t version() const {
    return is_wal ? number(reader.get(), "PRAGMA data_version") : change_counter();
  }

  std::filesystem::path path;
  SqliteConnection writer;
  SqliteConnection reader;
  SqliteFailure failure;
  SqliteFailure write_failure;
  std::unique_ptr<ContentCopy> copy;
  bool is_wal = false;
  std::int64_t watched = 0;
  std::int64_t writer_version = 0;
};

LiveTransaction::LiveTransaction(const std::filesystem::path& database) {
  // What is not there, empty, a folder or no database is told apart without touching it: who opens
  // such a file for writing deletes the -wal beside it.
  {
    const LiveDatabase is_one(database);
    is_one.begin();
  }
  state_ = std::make_unique<State>(database);
}

LiveTransaction::~LiveTransaction() {
  state_->copy.reset();
  state_->reader.reset();
}

bool LiveTransaction::can_take(const StagedImage& staged) const {
  const DatabaseHeader before = state_->header();
  const DatabaseHeader restored = staged_header(staged);
  return before.encoding == restored.encoding &&
         (before.page_size == restored.page_size || !state_->is_wal);
}

void LiveTransaction::watch() {
  state_->watched = state_->version();
}

void LiveTransaction::lock(const StagedImage& staged, const PageDifference* known) {
  const DatabaseHeader before = state_->header();
  StagedPages pages(staged, before.page_size);
  state_->look();
  if (can_take_single_pages(before, staged_header(staged))) {
    state_->copy = std::make_unique<PagePatch>(state_->writer.get(), std::move(pages), known,
                                               state_->write_failure);
    return;
  }
  std::vector<WitnessPage> witnesses = state_->differences(std::move(pages));
  auto source = staged.database([] { return false; }, Error(ErrorCode::Cancelled, "", ""));
  state_->copy = std::make_unique<WholeCopy>(state_->writer.get(), std::move(source),
                                             std::move(witnesses), state_->write_failure);
}

bool LiveTransaction::is_unchanged() const {
  return state_->version() == state_->watched;
}

std::vector<WitnessPage> LiveTransaction::write() {
  state_->copy->write();
  return state_->copy->witnesses();
}

void LiveTransaction::commit() {
  try {
    state_->copy->commit();
  } catch (const Error&) {
    abandon();
    if (state_->is_wal) state_->cover_failed_commit();
    throw;
  }
  // A file that is open cannot be taken away.
  state_->copy.reset();
  state_->checkpoint_at_end(true);
}

void LiveTransaction::abandon() {
  state_->copy.reset();
}

LiveTransaction::Outcome LiveTransaction::outcome(const StagedImage& staged) const {
  StagedPages pages(staged, staged_header(staged).page_size);
  std::uint32_t count = 0;
  bool is_same = true;
  {
    // Through the connection that wrote them the pages would come from its memory.
    const SqliteConnection reader = state_->opened_reader();
    SqliteQuery live(reader.get(), "SELECT data FROM sqlite_dbpage", state_->failure);
    while (is_same && live.next_row()) {
      ++count;
      is_same = pages.is_same(count, live.bytes(0));
    }
  }
  if (is_same && count == pages.count()) return Outcome::AsStaged;
  const bool is_others =
      state_->number(state_->writer.get(), "PRAGMA data_version") != state_->writer_version;
  return is_others ? Outcome::ChangedSince : Outcome::Broken;
}

LiveTransaction::Holds LiveTransaction::holds(const std::filesystem::path& database,
                                              const std::vector<WitnessPage>& witnesses) {
  // Opened for writing: a transaction that was broken off is undone first.
  const LiveTransaction::State live(database);
  SqliteQuery query(live.writer.get(), "SELECT data FROM sqlite_dbpage WHERE pgno = ?",
                    live.failure);
  int before = 0;
  int restored = 0;
  for (const WitnessPage& witness : witnesses) {
    query.with(std::int64_t{witness.number});
    if (!query.next_row()) continue;
    const std::uint64_t hash = page_hash(witness.number, query.bytes(0));
    if (hash == witness.before) ++before;
    if (hash == witness.restored) ++restored;
  }
  return before > restored ? Holds::Before : Holds::Restored;
}

}  // namespace holdfast
