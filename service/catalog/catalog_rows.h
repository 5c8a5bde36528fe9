#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "service/catalog/catalog_database.h"
#include "service/catalog/catalog_records.h"

namespace holdfast {

// How records stand in the tables. Whatever is read is a value that a catalog holds, or an Error
// (DatabaseDamaged) is thrown; whatever is written can be read again: text that is not UTF-8 and
// times before the year 0 or after 9999 are stored as the nearest that is.

std::string stored_text(std::string_view text);
std::int64_t stored_bytes(std::uint64_t bytes);
std::int64_t stored_time(Time time);
std::optional<std::int64_t> stored_time(const std::optional<Time>& time);

// In this order the columns are read.
constexpr std::string_view kRunColumns =
    "id, dataset, kind, cause, reason, user, started_at, ended_at, outcome, error_code, sentence, "
    "archive, source";
RunRecord run_of(const SqliteQuery& row, const CatalogDatabase& database);

// All but the counts, which are in a table of their own.
constexpr std::string_view kArchiveColumns =
    "id, dataset, destination, file_name, format, kind, host, taken_at, bytes, sequence, state, "
    "checked_at, fault, reason, user, schema_hash, drilled_at, cloud_confirmed_at, cloud_state, "
    "cloud_since, cloud_sentence, written_at, file_hash, conflict_of";
struct StoredArchive {
  std::int64_t id = 0;
  ArchiveRecord record;
};
StoredArchive archive_of(const SqliteQuery& row, const CatalogDatabase& database);

// Of one archive.
std::map<std::string, std::int64_t> archive_counts(const CatalogDatabase& database,
                                                   std::int64_t archive);

std::optional<DatasetRecord> dataset_of(const CatalogDatabase& database, std::string_view dataset);

// Throws Error(DatabaseDamaged) when there is anything in it that cannot be read.
void read_everything(const CatalogDatabase& database);

}  // namespace holdfast
