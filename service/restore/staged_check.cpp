#include "service/restore/staged_check.h"

#include <memory>

#include <fmt/format.h>

#include "common/error.h"
#include "common/path_text.h"
#include "common/text.h"
#include "service/backup/live_database.h"
#include "service/backup/sqlite_failure.h"
#include "service/restore/restore_difference.h"
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

SchemaOutline archived_outline(const StagedImage& image, const std::string& name) {
  try {
    const auto database = image.database([] { return false; }, cancelled());
    return schema_outline(database->connection(), [&](int result) {
      return sqlite_failure(text_path(name), result, database->connection());
    });
  } catch (const Error& error) {
    if (error.code() == ErrorCode::NotADatabase) {
      throw refused(one_line(name) + " in it is no database that can be read");
    }
    throw refused(fmt::format("{} in it is damaged: {}", one_line(name), one_line(error.what())));
  }
}

}  // namespace

void refuse_foreign(const StagedImage& image, const Manifest& manifest,
                    const RestoreTarget& target) {
  const SchemaOutline archived = archived_outline(image, manifest.database);
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
              "If it is meant all the same, restore it with --foreign; nothing was changed.");
}

void check_staged_files(const StagedImage& image, const std::filesystem::path& folder,
                        const Manifest& manifest, const RestoreTarget& target,
                        const std::function<bool()>& must_end) {
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind != ManifestEntry::Kind::Database) continue;
    const bool is_main = entry.name == manifest.database;
    const auto database = is_main ? image.database(must_end, cancelled())
                                  : std::make_unique<StagedDatabase>(folder / text_path(entry.name),
                                                                     must_end, cancelled());
    if (const std::string damage = database->damage(); !damage.empty()) {
      throw refused(fmt::format("{} in it {}", one_line(entry.name), damage));
    }
    if (!is_main) continue;
    const std::string miscount = database->miscount(manifest, target.counts);
    if (!miscount.empty()) throw refused(miscount);
  }
}

}  // namespace holdfast
