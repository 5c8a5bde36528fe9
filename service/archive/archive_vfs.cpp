#include "service/archive/archive_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "common/text.h"
#include "service/archive/block_cache.h"

namespace holdfast {

// A VFS of its own for each database: it needs no registry of what is open, and knows its one file.
struct ArchiveDatabase::State {
  State(const EntryContent& content, Shortcut quick)
      : blocks(content), shortcut(std::move(quick)) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    sqlite3_close(database);
    sqlite3_vfs_unregister(&vfs);
  }

  BlockCache blocks;
  Shortcut shortcut;
  std::optional<Error> read_failure;
  std::string vfs_name;
  sqlite3_vfs vfs{};
  sqlite3* database = nullptr;
};

namespace {

// Where a database's header says with 1 or 2 whether it has a rollback journal or a WAL. What comes
// out of an archive has neither, whatever its application uses.
constexpr std::size_t kJournalBytes[] = {18, 19};
constexpr std::byte kNoWal{1};

struct ArchiveFile {
  sqlite3_file base;
  BlockCache* blocks;
  const ArchiveDatabase::Shortcut* shortcut;
  std::optional<Error>* failure;
};

ArchiveFile& file_of(sqlite3_file* file) {
  return *reinterpret_cast<ArchiveFile*>(file);
}

int read(sqlite3_file* file, void* into, int bytes, sqlite3_int64 place) noexcept {
  ArchiveFile& archive_file = file_of(file);
  const std::span wanted(static_cast<std::byte*>(into), static_cast<std::size_t>(bytes));
  const auto begin = static_cast<std::uint64_t>(place);
  try {
    const auto& shortcut = *archive_file.shortcut;
    const std::size_t done = shortcut && shortcut(begin, wanted)
                                 ? wanted.size()
                                 : archive_file.blocks->read_at(begin, wanted);
    std::fill(wanted.begin() + static_cast<std::ptrdiff_t>(done), wanted.end(), std::byte{0});
    for (const std::size_t patched : kJournalBytes) {
      if (begin <= patched && patched - begin < done) wanted[patched - begin] = kNoWal;
    }
    return done == wanted.size() ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  } catch (const Error& error) {
    *archive_file.failure = error;
    return SQLITE_IOERR_READ;
  } catch (...) {
    return SQLITE_IOERR_NOMEM;
  }
}

int measure(sqlite3_file* file, sqlite3_int64* size) noexcept {
  *size = static_cast<sqlite3_int64>(file_of(file).blocks->size());
  return SQLITE_OK;
}

int tell_unreserved(sqlite3_file*, int* reserved) noexcept {
  *reserved = 0;
  return SQLITE_OK;
}

const sqlite3_io_methods& file_methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods made{};
    made.iVersion = 1;
    made.xClose = [](sqlite3_file*) { return SQLITE_OK; };
    made.xRead = read;
    made.xWrite = [](sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; };
    made.xTruncate = [](sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; };
    made.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xFileSize = measure;
    made.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xCheckReservedLock = tell_unreserved;
    made.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    made.xSectorSize = [](sqlite3_file*) { return 4096; };
    made.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_IMMUTABLE; };
    return made;
  }();
  return methods;
}

// Only the database itself can be opened: no journal, no temporary file.
template <typename State>
int open(sqlite3_vfs* vfs, const char*, sqlite3_file* file, int flags, int* out_flags) noexcept {
  file->pMethods = nullptr;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return SQLITE_CANTOPEN;
  auto& state = *static_cast<State*>(vfs->pAppData);
  ArchiveFile& archive_file = file_of(file);
  archive_file.blocks = &state.blocks;
  archive_file.shortcut = &state.shortcut;
  archive_file.failure = &state.read_failure;
  archive_file.base.pMethods = &file_methods();
  if (out_flags != nullptr) *out_flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
  return SQLITE_OK;
}

int copy_name(sqlite3_vfs*, const char* name, int size, char* out) noexcept {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int find_nothing(sqlite3_vfs*, const char*, int, int* found) noexcept {
  *found = 0;
  return SQLITE_OK;
}

// Time, sleep and randomness are the system's; files are the archive's.
template <typename State>
sqlite3_vfs vfs_for(State& state) {
  const sqlite3_vfs& system = *sqlite3_vfs_find(nullptr);
  sqlite3_vfs vfs{};
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(ArchiveFile);
  vfs.mxPathname = 64;
  vfs.zName = state.vfs_name.c_str();
  vfs.pAppData = &state;
  vfs.xOpen = open<State>;
  vfs.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
  vfs.xAccess = find_nothing;
  vfs.xFullPathname = copy_name;
  vfs.xRandomness = system.xRandomness;
  vfs.xSleep = system.xSleep;
  vfs.xCurrentTime = system.xCurrentTime;
  vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
  return vfs;
}

// The database may have been made to attack whoever opens it. Nothing is spilled to the disk
// either.
void protect(sqlite3* database) {
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_exec(database,
               "PRAGMA query_only=1; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
               "PRAGMA cell_size_check=1; PRAGMA cache_size=-16000",
               nullptr, nullptr, nullptr);
}

}  // namespace

ArchiveDatabase::ArchiveDatabase(const EntryContent& content, Shortcut shortcut)
    : state_(std::make_unique<State>(content, std::move(shortcut))) {
  const ManifestEntry& listed = content.entry();
  const auto failure = [&](std::string_view why) {
    return Error(ErrorCode::NotADatabase,
                 fmt::format("Cannot open {} in the archive {}: {}.", one_line(listed.name),
                             one_line(content.archive()), why),
                 "Use another archive.");
  };
  if (listed.kind != ManifestEntry::Kind::Database) throw failure("it is no database");
  state_->vfs_name = fmt::format("holdfast-archive-{}", static_cast<const void*>(state_.get()));
  state_->vfs = vfs_for(*state_);
  if (sqlite3_vfs_register(&state_->vfs, 0) != SQLITE_OK) throw std::bad_alloc();
  const int result =
      sqlite3_open_v2("archive", &state_->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                      state_->vfs_name.c_str());
  if (result != SQLITE_OK) throw failure(sqlite3_errstr(result));
  protect(state_->database);
}

ArchiveDatabase::~ArchiveDatabase() = default;

sqlite3* ArchiveDatabase::handle() const {
  return state_->database;
}

const std::optional<Error>& ArchiveDatabase::read_failure() const {
  return state_->read_failure;
}

}  // namespace holdfast
