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
#include "service/backup/sqlite_watch.h"
#include "service/restore/restore_difference.h"

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

Error damaged(const std::string& name, const std::string& faults) {
  return refused(fmt::format("{} in it is damaged: {}", one_line(name),
                             one_line(faults.substr(0, faults.find('\n')))));
}

void end_if_asked(const std::function<bool()>& must_end) {
  if (!must_end()) return;
  throw Error(ErrorCode::Cancelled, "The restore was cancelled.", "Nothing was changed.");
}

void check_integrity(sqlite3* connection, const std::filesystem::path& file,
                     const std::string& name, const std::function<bool()>& must_end) {
  const SqliteWatch watch(connection, must_end);
  if (const std::string faults = integrity_faults(file, connection); !faults.empty()) {
    throw damaged(name, faults);
  }
}

// Of what was counted then, all that can be counted now.
void check_counts(sqlite3* connection, const Manifest& manifest, const RestoreTarget& target,
                  const std::function<bool()>& must_end) {
  for (const auto& [name, sql] : target.counts) {
    const auto counted = manifest.counts.find(name);
    if (counted == manifest.counts.end()) continue;
    const std::int64_t count =
        run_count(connection, {.name = name, .sql = sql}, kCountLimit, must_end);
    if (count == counted->second) continue;
    throw refused(
        fmt::format("it should have {} {} and has {}", counted->second, one_line(name), count));
  }
}

SchemaOutline archived_outline(const std::filesystem::path& staged, const std::string& name) {
  try {
    const SqliteConnection connection = open_staged(staged);
    return schema_outline(connection.get(), [&](int result) {
      return sqlite_failure(staged, result, connection.get());
    });
  } catch (const Error& error) {
    throw damaged(name, error.what());
  }
}

}  // namespace

void refuse_foreign(const std::filesystem::path& staged_database, const Manifest& manifest,
                    const RestoreTarget& target) {
  const SchemaOutline archived = archived_outline(staged_database, manifest.database);
  std::string why;
  try {
    const LiveDatabase live(target.database);
    live.begin();
    why = foreign_archive(archived, schema_outline(live.connection(), [&](int result) {
                            return sqlite_failure(target.database, result, live.connection());
                          }));
  } catch (const Error&) {  // what is here may be damaged, or gone: then nothing can be said
  }
  if (why.empty()) return;
  throw Error(ErrorCode::ArchiveForeign,
              fmt::format("The archive seems to be of another application. {}", why),
              "Say that it is meant, if it is; nothing was changed.");
}

void check_staged_files(const std::filesystem::path& staged, const Manifest& manifest,
                        const RestoreTarget& target, const std::function<bool()>& must_end) {
  try {
    for (const ManifestEntry& entry : manifest.entries) {
      if (entry.kind != ManifestEntry::Kind::Database) continue;
      end_if_asked(must_end);
      const bool is_main = entry.name == manifest.database;
      const std::filesystem::path file =
          staged / (is_main ? target.database.filename() : text_path(entry.name));
      const SqliteConnection connection = open_staged(file);
      check_integrity(connection.get(), file, entry.name, must_end);
      if (is_main) check_counts(connection.get(), manifest, target, must_end);
    }
  } catch (const Error&) {
    // Whatever the end broke off, the user hears of the end.
    end_if_asked(must_end);
    throw;
  }
}

}  // namespace holdfast
