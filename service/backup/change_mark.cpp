#include "service/backup/change_mark.h"

#include <memory>
#include <span>
#include <string_view>

#include "common/path_text.h"
#include "service/archive/content_hash.h"
#include "service/backup/backup_run.h"

// Equal states of a database mean the same content, for each way to know it:
//
// ChangeCounter (rollback mode): every transaction that changes the file counts up the change
// counter in the header before it lets go of its lock, in every journal mode, VACUUM and backups
// into the file too; SQLite's own caches rely on it. In exclusive locking mode it counts once, but
// then nobody else can look before the lock is given up.
//
// WalIndex (WAL mode, with a WAL): salts that are new for each WAL and whenever it begins anew, the
// number of frames, and the checksum over all of them tell what stands in the WAL. The file below
// gets nothing but pages of that WAL, so a checkpoint may change the mark and never hides a change.
// mxFrame 0 with salts is a WAL that began anew: the same file as when its last frame was copied.
//
// FileTimes (WAL mode, with no WAL or one that nothing was written to since it was created): all
// content is in the file, and whoever changed it has since closed it, for the last one that closes
// it takes the WAL away; or changed it in rollback mode, which the counter in the header tells. So
// its time of change is set, on NTFS too, where it is late while the file is open. Between the
// checkpoint of a closing program and the end of its handle, an instant, the time can still be the
// old one: then one run is too early, and the next one sees the change.
//
// The file's number, size, times and header go with each: an older copy that was put in its place
// may have an equal counter, and so may a file that was damaged behind SQLite's back, or that a
// program in journal mode OFF left in the middle of a change.
namespace holdfast {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

using KnownBy = DatabaseState::KnownBy;

constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kFormatPlace = 19;  // 2 stands for WAL
constexpr char kFormatWal = 2;
constexpr std::string_view kMagic = "SQLite format 3\0"sv;
constexpr std::chrono::seconds kRoughTimes = 10s;

struct SnapshotFree {
  void operator()(sqlite3_snapshot* state) const { ::sqlite3_snapshot_free(state); }
};

std::string header(sqlite3* connection) {
  std::string bytes(kHeaderBytes, '\0');
  sqlite3_file* file = nullptr;
  ::sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  const int result = file->pMethods->xRead(file, bytes.data(), static_cast<int>(bytes.size()), 0);
  return result == SQLITE_OK && bytes.starts_with(kMagic) ? bytes : std::string();
}

// Empty when there is no WAL, or nothing was written to it since it was created.
std::string wal_index(sqlite3* connection) {
  sqlite3_snapshot* raw = nullptr;
  if (::sqlite3_snapshot_get(connection, "main", &raw) != SQLITE_OK) return {};
  const std::unique_ptr<sqlite3_snapshot, SnapshotFree> state(raw);
  return {reinterpret_cast<const char*>(raw->hidden), sizeof(raw->hidden)};
}

KnownBy known_by(const DatabaseState& state) {
  if (!state.wal_index.empty()) return KnownBy::WalIndex;
  const bool is_wal = state.header[kFormatPlace] == kFormatWal;
  return is_wal ? KnownBy::FileTimes : KnownBy::ChangeCounter;
}

std::optional<DatabaseState> state_now(const std::filesystem::path& path) {
  const LiveDatabase database(path);
  database.begin();
  return database_state(database);
}

class MarkText {
 public:
  void add(std::string_view text) {
    add(text.size());
    hash_.add(std::as_bytes(std::span(text)));
  }
  void add(std::uint64_t number) { hash_.add(std::as_bytes(std::span(&number, 1))); }
  void add(FileTime time) { add(static_cast<std::uint64_t>(time.time_since_epoch().count())); }
  void add(const FileState& file) {
    add(file.volume);
    add(file.number);
    add(file.size);
    add(file.modified);
    add(file.changed);
  }
  void add(const DatabaseState& state) {
    add(static_cast<std::uint64_t>(state.known_by));
    add(state.header);
    add(state.wal_index);
    add(state.file);
  }
  // The number in front grows when what is in a mark changes.
  std::string text() const { return "1:" + hash_.digits(); }

 private:
  ContentHash hash_;
};

}  // namespace

std::optional<DatabaseState> database_state(const LiveDatabase& database) {
  sqlite3* const connection = database.connection();
  const std::optional<FileState> file = file_state(connection);
  DatabaseState state{.header = header(connection)};
  if (!file || state.header.empty()) return std::nullopt;
  state.file = *file;
  if (!database.rests()) state.wal_index = wal_index(connection);
  state.known_by = known_by(state);
  database.check_still_rests();
  return state;
}

bool tells_changes(FileTime modified, Time now) {
  return modified <= now - kRoughTimes;
}

bool tells_changes(const DatabaseState& state, Time now) {
  return state.known_by != KnownBy::FileTimes || tells_changes(state.file.modified, now);
}

std::string change_mark(const SourceState& source, Time now) {
  MarkText mark;
  mark.add(source.databases.size());
  for (const auto& [name, state] : source.databases) {
    if (!state || !tells_changes(*state, now)) return {};
    mark.add(name);
    mark.add(*state);
  }
  mark.add(source.files.size());
  for (const SideFile& file : source.files) {
    if (!file.state || !tells_changes(file.state->modified, now)) return {};
    mark.add(file.name);
    mark.add(*file.state);
  }
  return mark.text();
}

std::string current_change_mark(const BackupRequest& request, Storage& storage, Time now) {
  SourceState source;
  source.databases[path_text(request.database.filename())] = state_now(request.database);
  for (SideFile& file :
       side_files(storage, request.database, request.include, request.letter_case)) {
    if (file.is_database) {
      source.databases[file.name] =
          state_now(request.database.parent_path() / text_path(file.name));
    } else {
      source.files.push_back(std::move(file));
    }
  }
  return change_mark(source, now);
}

}  // namespace holdfast
