#pragma once

#include <span>
#include <string_view>

#include "service/catalog/catalog_database.h"

namespace holdfast {

// What makes a catalog of each version out of the one before, the first out of an empty database. A
// step that was released is never changed.
std::span<const std::string_view> catalog_steps();

// How many of the steps the catalog has. Throws Error: DatabaseDamaged when it is not what these
// steps make, or is damaged, NotADatabase when it is no catalog, or has more steps than these.
int catalog_version(const CatalogDatabase& database, std::span<const std::string_view> steps);

// Takes the steps that are left, each at once.
void migrate(const CatalogDatabase& database, std::span<const std::string_view> steps);

}  // namespace holdfast
