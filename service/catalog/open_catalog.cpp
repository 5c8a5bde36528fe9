#include "service/catalog/open_catalog.h"

#include <fmt/format.h>

#include "common/path_text.h"
#include "service/catalog/catalog_rows.h"
#include "service/catalog/catalog_schema.h"
#include "service/catalog/set_aside.h"

namespace holdfast {
namespace {

bool is_unfit(const Error& error) {
  return error.code() == ErrorCode::DatabaseDamaged || error.code() == ErrorCode::NotADatabase;
}

CatalogDatabase open(const std::filesystem::path& file) {
  CatalogDatabase database(file);
  catalog_version(database, catalog_steps());
  if (database.is_read_only()) throw damaged_catalog(file, "it refuses to be written to");
  database.make_writable();
  migrate(database, catalog_steps());
  read_everything(database);
  return database;
}

std::string begun_anew(const std::string& reason, const std::filesystem::path& file, Time now) {
  return fmt::format(
      "{} It is now {}, and a new catalog was begun, which learns of the archives from the "
      "archives themselves.",
      reason, set_aside(file, now));
}

}  // namespace

OpenedCatalog open_catalog(const std::filesystem::path& file, Time now) {
  std::string reason;
  if (has_only_sidecars(file)) {
    // A service that ended while it set a catalog aside, or somebody who deleted one, left these.
    reason = fmt::format("The catalog {} is gone but for a part of it.", path_text(file));
  } else {
    try {
      return {.database = open(file)};
    } catch (const Error& error) {
      if (!is_unfit(error)) throw;
      reason = error.what();
    }
  }
  std::string told = begun_anew(reason, file, now);
  return {.database = open(file), .begun_anew = std::move(told)};
}

}  // namespace holdfast
