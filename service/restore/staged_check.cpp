#include "service/restore/staged_check.h"

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/restore/staged_database.h"

namespace holdfast {
namespace {

Error refused(const std::string& why) {
  return {ErrorCode::ArchiveDamaged, fmt::format("The archive is not restored: {}.", why),
          "Use another archive; nothing was changed."};
}

Error cancelled() {
  return {ErrorCode::Cancelled, "The restore was cancelled.", "Nothing was changed."};
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
    const bool is_main = entry.name == manifest.database;
    const std::filesystem::path file =
        staged / (is_main ? target.database.filename() : text_path(entry.name));
    const StagedDatabase database(file, stop, cancelled());
    if (const std::string damage = database.damage(); !damage.empty()) {
      throw refused(fmt::format("{} in it {}", one_line(entry.name), damage));
    }
    if (!is_main) continue;
    const std::string miscount = database.miscount(manifest.counts, target.counts);
    if (!miscount.empty()) throw refused(miscount);
    const std::string why = foreign == ForeignArchive::Refused
                                ? why_foreign(database.connection(), file, target.database)
                                : std::string();
    if (why.empty()) continue;
    throw Error(ErrorCode::ArchiveForeign,
                fmt::format("The archive seems to be of another application. {}", why),
                "Say that it is meant, if it is; nothing was changed.");
  }
}

}  // namespace holdfast
