#pragma once

#include <filesystem>
#include <string>

#include "common/clock.h"
#include "service/catalog/catalog_database.h"

namespace holdfast {

struct OpenedCatalog {
  CatalogDatabase database;
  std::string begun_anew;  // why what there was is set aside, as a sentence; else empty
};

// Opens the catalog, or makes one, and brings it to the newest version. One that is damaged, holds
// what no catalog holds, is none at all, or is of a newer version is set aside (set_aside()). All
// of it is read for this: a catalog is small, and what is open can be read. Throws Error.
OpenedCatalog open_catalog(const std::filesystem::path& file, Time now);

}  // namespace holdfast
