#include "service/restore/live_transaction.h"

#include <sqlite3.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <system_error>

#include "common/error.h"
#include "common/path_text.h"
#include "service/archive/manifest.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/platform/sqlite_query.h"

namespace holdfast {
namespace {

constexpr int kBusyMilliseconds = 2000;
constexpr std::size_t kMostWitnesses = 64;

// Of the first page, which SQLite sets anew with each transaction: the counters, the schema's
// cookie, the version of SQLite, and how the file is written.
struct Field {
  std::size_t begin;
  std::size_t end;
};
constexpr std::array<Field, 4> kOwnFields{{{18, 20}, {24, 32}, {40, 44}, {92, 100}}};

std::uint64_t hash_of(std::span<const std::byte> page) {
  return XXH3_64bits(page.data(), page.size());
}

bool is_same_page(std::uint32_t number, std::vector<std::byte> one, std::vector<std::byte> other) {
  if (number == 1 && one.size() >= 100 && other.size() >= 100) {
    for (const auto& [begin, end] : kOwnFields) {
      for (std::size_t i = begin; i < end; ++i) one[i] = other[i];
    }
  }
  return one == other;
}

// Pages of a database file that nobody uses.
class StagedPages {
 public:
  StagedPages(Storage& storage, const std::filesystem::path& file, std::uint32_t page_size)
      : file_(storage.open(file)), page_size_(page_size) {}

  std::uint32_t count() const { return static_cast<std::uint32_t>(file_->size() / page_size_); }
  // Of a mebibyte at a time, for each page is asked for in its order.
  std::vector<std::byte> page(std::uint32_t number) {
    const std::uint64_t place = std::uint64_t{number - 1} * page_size_;
    if (place < begin_ || place + page_size_ > begin_ + piece_.size()) {
      piece_.resize(kBlockBytes);
      piece_.resize(file_->read_at(place, piece_));
      begin_ = place;
    }
    if (place + page_size_ > begin_ + piece_.size()) return {};
    const auto first = piece_.begin() + static_cast<std::ptrdiff_t>(place - begin_);
    return {first, first + page_size_};
  }

 private:
  std::unique_ptr<StoredFile> file_;
  std::uint32_t page_size_;
  std::vector<std::byte> piece_;
  std::uint64_t begin_ = 0;
};

SqliteConnection opened(const std::filesystem::path& path, int flags, const std::string& name) {
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

struct FinishBackup {
  void operator()(sqlite3_backup* backup) const { ::sqlite3_backup_finish(backup); }
};
using Copy = std::unique_ptr<sqlite3_backup, FinishBackup>;

}  // namespace

struct LiveTransaction::State {
  explicit State(const std::filesystem::path& database)
      : path(database),
        writer(opened(database, SQLITE_OPEN_READWRITE, path_text(database))),
        failure([this](int result) { return sqlite_failure(path, result, writer.get()); }) {
    // What was not committed here is not for this program to tidy up.
    checkpoint_at_end(has_empty_wal(database));
    // The first look: what is no database is none to either of them.
    page_size = static_cast<std::uint32_t>(number(writer.get(), "PRAGMA page_size"));
    number(writer.get(), "PRAGMA schema_version");
    SqliteQuery mode(writer.get(), "PRAGMA journal_mode", failure);
    is_wal = mode.next_row() && mode.text(0) == "wal";
    reader = opened(database, SQLITE_OPEN_READONLY, path_text(database));
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
  SqliteConnection staged;
  SqliteFailure failure;
  Copy copy;
  std::uint32_t page_size = 0;
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

std::uint32_t LiveTransaction::page_size() const {
  return state_->page_size;
}

bool LiveTransaction::can_take_pages_of(std::uint32_t bytes) const {
  return bytes == state_->page_size || !state_->is_wal;
}

void LiveTransaction::watch() {
  state_->watched = state_->version();
}

std::vector<WitnessPage> LiveTransaction::differences(Storage& storage,
                                                      const std::filesystem::path& staged) const {
  std::vector<WitnessPage> found;
  StagedPages pages(storage, staged, state_->page_size);
  SqliteQuery live(state_->reader.get(), "SELECT pgno, data FROM sqlite_dbpage", state_->failure);
  while (found.size() < kMostWitnesses && live.next_row()) {
    const auto number = static_cast<std::uint32_t>(live.number(0));
    if (number == 1 || number > pages.count()) continue;
    const std::vector<std::byte> restored = pages.page(number);
    const std::span<const std::byte> before = live.bytes(1);
    if (std::ranges::equal(before, restored)) continue;
    found.push_back({.number = number, .before = hash_of(before), .restored = hash_of(restored)});
  }
  return found;
}

void LiveTransaction::lock(const std::filesystem::path& staged) {
  state_->staged = opened(staged, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, file_alone(staged));
  state_->writer_version = state_->number(state_->writer.get(), "PRAGMA data_version");
  state_->copy.reset(
      ::sqlite3_backup_init(state_->writer.get(), "main", state_->staged.get(), "main"));
  if (!state_->copy) throw state_->failure(::sqlite3_extended_errcode(state_->writer.get()));
  const int result = ::sqlite3_backup_step(state_->copy.get(), 0);
  if (result == SQLITE_OK) return;
  abandon();
  throw state_->failure(result);
}

bool LiveTransaction::is_unchanged() const {
  return state_->version() == state_->watched;
}

void LiveTransaction::copy() {
  const int most = ::sqlite3_backup_remaining(state_->copy.get()) - 1;
  if (most <= 0) return;
  const int result = ::sqlite3_backup_step(state_->copy.get(), most);
  if (result != SQLITE_OK) throw state_->failure(result);
}

void LiveTransaction::commit() {
  int result = ::sqlite3_backup_step(state_->copy.get(), -1);
  sqlite3_backup* const done = state_->copy.release();
  const int finished = ::sqlite3_backup_finish(done);
  if (result == SQLITE_DONE) result = finished;
  // A file that is open cannot be taken away.
  state_->staged.reset();
  if (result != SQLITE_OK) throw state_->failure(result);
  state_->checkpoint_at_end(true);
}

void LiveTransaction::abandon() {
  state_->copy.reset();
  state_->staged.reset();
}

LiveTransaction::Outcome LiveTransaction::outcome(Storage& storage,
                                                  const std::filesystem::path& staged) const {
  sqlite3* const writer = state_->writer.get();
  const auto page_size = static_cast<std::uint32_t>(state_->number(writer, "PRAGMA page_size"));
  StagedPages pages(storage, staged, page_size);
  std::uint32_t count = 0;
  bool is_same = true;
  {
    // Through the connection that wrote them the pages would come from its memory.
    SqliteQuery live(state_->reader.get(), "SELECT pgno, data FROM sqlite_dbpage", state_->failure);
    while (is_same && live.next_row()) {
      const auto page = live.bytes(1);
      ++count;
      is_same = is_same_page(count, {page.begin(), page.end()}, pages.page(count));
    }
  }
  if (is_same && count == pages.count()) return Outcome::AsStaged;
  const bool is_others = state_->number(writer, "PRAGMA data_version") != state_->writer_version;
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
    const std::uint64_t hash = hash_of(query.bytes(0));
    if (hash == witness.before) ++before;
    if (hash == witness.restored) ++restored;
  }
  return before > restored ? Holds::Before : Holds::Restored;
}

}  // namespace holdfast
