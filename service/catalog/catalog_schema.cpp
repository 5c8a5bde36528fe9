#include "service/catalog/catalog_schema.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "common/path_text.h"

namespace holdfast {
namespace {

constexpr std::string_view kFirst = R"(
CREATE TABLE dataset (
  dataset TEXT PRIMARY KEY,
  known_since INTEGER NOT NULL,
  damage TEXT NOT NULL,
  change_mark TEXT NOT NULL,
  marked_archive TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE count_drop (
  dataset TEXT NOT NULL REFERENCES dataset ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  before INTEGER NOT NULL,
  now INTEGER,
  PRIMARY KEY (dataset, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE good_count (
  dataset TEXT NOT NULL REFERENCES dataset ON DELETE CASCADE,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (dataset, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  dataset TEXT NOT NULL,
  kind TEXT NOT NULL,
  cause TEXT NOT NULL,
  reason TEXT NOT NULL,
  user TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT NOT NULL,
  error_code TEXT NOT NULL,
  sentence TEXT NOT NULL,
  archive TEXT NOT NULL
) STRICT;
CREATE INDEX run_of_dataset ON run (dataset);

CREATE TABLE archive (
  id INTEGER PRIMARY KEY,
  dataset TEXT NOT NULL,
  destination TEXT NOT NULL,
  file_name TEXT NOT NULL,
  format TEXT NOT NULL,
  kind TEXT NOT NULL,
  host TEXT NOT NULL,
  taken_at INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sequence INTEGER,
  state TEXT NOT NULL,
  checked_at INTEGER,
  fault TEXT NOT NULL,
  reason TEXT NOT NULL,
  user TEXT NOT NULL,
  schema_hash TEXT NOT NULL,
  drilled_at INTEGER,
  cloud_confirmed_at INTEGER,
  UNIQUE (dataset, destination, file_name)
) STRICT;

CREATE TABLE archive_count (
  archive INTEGER NOT NULL REFERENCES archive ON DELETE CASCADE,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (archive, name)
) STRICT, WITHOUT ROWID;

-- The last sequence that was given, in one row: it rises, whatever is forgotten.
CREATE TABLE sequence (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  last INTEGER NOT NULL
) STRICT;
INSERT INTO sequence VALUES (1, 0);
)";

// Restores and drills, and when the database itself was last looked at whole.
constexpr std::string_view kSecond = R"(
ALTER TABLE run ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE dataset ADD COLUMN checked_at INTEGER;
ALTER TABLE dataset ADD COLUMN drill_tried_at INTEGER;
)";

// What became of archives in the cloud, and which are copies that OneDrive made of others.
constexpr std::string_view kThird = R"(
ALTER TABLE archive ADD COLUMN cloud_state TEXT NOT NULL DEFAULT '';
ALTER TABLE archive ADD COLUMN cloud_since INTEGER;
ALTER TABLE archive ADD COLUMN cloud_sentence TEXT NOT NULL DEFAULT '';
ALTER TABLE archive ADD COLUMN written_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE archive ADD COLUMN file_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE archive ADD COLUMN conflict_of TEXT NOT NULL DEFAULT '';
)";

// Since when no backup gets into the cloud: archives that waited may be deleted meanwhile.
constexpr std::string_view kFourth = R"(
ALTER TABLE dataset ADD COLUMN not_in_cloud_since INTEGER;
)";

constexpr std::array<std::string_view, 4> kSteps{kFirst, kSecond, kThird, kFourth};

int version_of(const CatalogDatabase& database) {
  SqliteQuery version = database.query("PRAGMA user_version");
  return version.next_row() ? static_cast<int>(version.number(0)) : 0;
}

// Without what SQLite keeps for itself.
std::vector<std::string> schema_of(const CatalogDatabase& database) {
  SqliteQuery rows = database.query(
      "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema "
      "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
  std::vector<std::string> schema;
  while (rows.next_row()) schema.push_back(rows.text(0));
  return schema;
}

std::vector<std::string> schema_after(std::span<const std::string_view> steps) {
  const CatalogDatabase memory(":memory:");
  migrate(memory, steps);
  return schema_of(memory);
}

}  // namespace

std::span<const std::string_view> catalog_steps() {
  return kSteps;
}

int catalog_version(const CatalogDatabase& database, std::span<const std::string_view> steps) {
  const int version = version_of(database);
  const std::vector<std::string> schema = schema_of(database);
  const std::string file = path_text(database.file());
  if (version > static_cast<int>(steps.size())) {
    throw Error(ErrorCode::NotADatabase,
                fmt::format("The catalog {} is of version {}, and this Holdfast knows version {}.",
                            file, version, steps.size()),
                "Install a newer Holdfast.");
  }
  if (version < 0 || (version == 0 && !schema.empty())) {
    throw Error(ErrorCode::NotADatabase, fmt::format("The file {} is no catalog.", file),
                "Keep other files out of the folder of Holdfast.");
  }
  if (schema != schema_after(steps.first(static_cast<std::size_t>(version)))) {
    throw damaged_catalog(database.file(), "its tables are not those of a catalog");
  }
  SqliteQuery check = database.query("PRAGMA integrity_check(1)");
  const std::string fault = check.next_row() ? check.text(0) : std::string();
  if (fault != "ok") throw damaged_catalog(database.file(), fault);
  return version;
}

void migrate(const CatalogDatabase& database, std::span<const std::string_view> steps) {
  for (auto taken = static_cast<std::size_t>(version_of(database)); taken < steps.size(); ++taken) {
    SqliteTransaction transaction = database.transaction();
    database.run(std::string(steps[taken]));
    database.run(fmt::format("PRAGMA user_version={}", taken + 1));
    transaction.commit();
  }
}

}  // namespace holdfast
