#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/catalog/catalog_rows.h"

namespace holdfast {

// The archives in the tables. Nothing here begins or ends a transaction.

// The newest first, as Catalog::archives() has it.
std::vector<ArchiveRecord> read_archives(const CatalogDatabase& database, std::string_view dataset);
// By file name.
std::map<std::string, ArchiveRecord> read_archives_in(const CatalogDatabase& database,
                                                      std::string_view dataset,
                                                      std::string_view destination);

// An archive is known by its dataset, destination and file name.
std::optional<ArchiveRecord> find_archive(const CatalogDatabase& database,
                                          const ArchiveRecord& archive);
// The same, when it has no sequence, and came into the catalog after all that have one.
std::optional<ArchiveRecord> find_found_since(const CatalogDatabase& database,
                                              const ArchiveRecord& archive);
// Adds it, or replaces all that is known of it, its sequence too.
void put_archive(const CatalogDatabase& database, const ArchiveRecord& archive);
void remove_archive(const CatalogDatabase& database, const ArchiveRecord& archive);

// One that was never given before.
std::uint64_t next_sequence(const CatalogDatabase& database);

}  // namespace holdfast
