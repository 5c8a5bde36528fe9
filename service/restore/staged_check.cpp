#include "service/restore/staged_check.h"

#include <sqlite3.h>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/backup/count_query.h"
#include "service/backup/integrity_check.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"

namespace holdfast {
namespace {

Error refused(const std::string& why) {
  return {ErrorCode::ArchiveDamaged, fmt::format("The archive is not restored: {}.", why),
          "Use another archive; nothing was changed."};
}

// It comes from outside, and nobody else has it open.
SqliteConnection open_staged(const std::filesystem::path& file) {
  sqlite3* raw = nullptr;
  const int result = ::sqlite3_open_v2(
      file_alone(file).c_str(), &raw,
      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  SqliteConnection connection(raw);
  if (result != SQLITE_OK) throw sqlite_failure(file, result, raw);
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, static_cast<int*>(nullptr));
  ::sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, static_cast<int*>(nullptr));
  ::sqlite3_exec(raw, "PRAGMA query_only=1; PRAGMA cell_size_check=1; PRAGMA temp_store=MEMORY;",
                 nullptr, nullptr, nullptr);
  return connection;
}

void check_integrity(sqlite3* connection, const std::filesystem::path& file,
                     const std::string& name) {
  const std::string faults = integrity_faults(file, connection);
  if (faults.empty()) return;
  throw refused(fmt::format("{} in it is damaged: {}", one_line(name),
                            one_line(faults.substr(0, faults.find('\n')))));
}

// Of what was counted then, all that can be counted now.
void check_counts(sqlite3* connection, const Manifest& manifest, const RestoreTarget& target,
                  const std::stop_token& stop) {
  for (const auto& [name, sql] : target.counts) {
    const auto counted = manifest.counts.find(name);
    if (counted == manifest.counts.end()) continue;
    const std::int64_t count = run_count(connection, {.name = name, .sql = sql}, kCountLimit,
                                         [&stop] { return stop.stop_requested(); });
    if (count == counted->second) continue;
    throw refused(
        fmt::format("it should have {} {} and has {}", counted->second, one_line(name), count));
  }
}

// What is here may be damaged, or gone: then nothing can be said.
std::string why_foreign(sqlite3* staged, const std::filesystem::path& staged_file,
                        const std::filesystem::path& database) {
  const SchemaOutline archived = schema_outline(
      staged, [&](int result) { return sqlite_failure(staged_file, result, staged); });
  try {
    const LiveDatabase live(database);
    live.begin();
    return foreign_archive(archived, schema_outline(live.connection(), [&](int result) {
                             return sqlite_failure(database, result, live.connection());
                           }));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

void check_staged_files(const std::filesystem::path& staged, const Manifest& manifest,
                        const RestoreTarget& target, ForeignArchive foreign,
                        const std::stop_token& stop) {
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind != ManifestEntry::Kind::Database) continue;
    if (stop.stop_requested()) {
      throw Error(ErrorCode::Cancelled, "The restore was cancelled.", "Nothing was changed.");
    }
    const bool is_main = entry.name == manifest.database;
    const std::filesystem::path file =
        staged / (is_main ? target.database.filename() : text_path(entry.name));
    const SqliteConnection connection = open_staged(file);
    check_integrity(connection.get(), file, entry.name);
    if (!is_main) continue;
    check_counts(connection.get(), manifest, target, stop);
    const std::string why = foreign == ForeignArchive::Refused
                                ? why_foreign(connection.get(), file, target.database)
                                : std::string();
    if (why.empty()) continue;
    throw Error(ErrorCode::ArchiveForeign,
                fmt::format("The archive seems to be of another application. {}", why),
                "Say that it is meant, if it is; nothing was changed.");
  }
}

}  // namespace holdfast
